//! temp
use std::io::BufRead;
fn main() {
    let rules = std::fs::read_to_string("corpus/red_flags.toml").unwrap();
    let model = std::fs::read_to_string("corpus/alert_model.toml").unwrap();
    let (flags, problems) = seventh::corpus::red_flags::read(&rules, &model);
    assert!(problems.is_empty(), "{problems:?}");
    for line in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let Some(q) = seventh::question::Question::new(v["text"].as_str().unwrap()) else { continue };
        let l = q.lesson(&flags, flags.second_reader.head().buckets);
        let o = seventh::question::second_reader::Opinion::on_pieces(&flags.second_reader, l.pieces.iter());
        println!("{}", serde_json::json!({"id":v["id"],"text":v["text"],"flag":v["flag"],"tier":v["tier"],"expect":v["expect"],"notes":v["notes"],"danger":o.danger,"crisis":o.crisis,"mflag":o.flag,"rules":l.all_by_rules}));
    }
}
