//! Danger first (P3), on the library: rules and their modifiers, order and distance, long stories, hiding places, and
//! what must change nothing. How a card then reaches people is in `discord_alerts.rs`.

use std::{cell::Cell, collections::BTreeSet, fmt::Write as _, time::Instant};

use proptest::prelude::*;
use seventh::{
    question::Question,
    triage::{Alert, Detector, Reason, Tier, check, check_with, classifier::Thresholds, rules::RedFlags},
};

/// Said before, between and after a danger sign by people who have time.
const HARMLESS: [&str; 5] = [
    "Thank you for reading this.",
    "I live in a small town near the sea.",
    "We moved here with two bicycles and a piano.",
    "My sister told me about this server.",
    "The weather is nice and the garden is green.",
];

/// Signs in the words of public lists, as somebody says them who has them now.
const PLAIN_SIGNS: [&str; 36] = [
    "My face has dropped on one side",
    "one side of my face is drooping",
    "I can't lift my left arm",
    "my arm and leg on one side are suddenly weak",
    "my speech is slurred",
    "I can't speak properly all of a sudden",
    "my face went numb on one side an hour ago but it is ok now",
    "I suddenly can't see out of one eye",
    "I suddenly see double",
    "I lost vision in my left eye",
    "this is the worst headache of my life",
    "I hit my head and now I have a bad headache and vomit",
    "I suddenly can't walk straight",
    "he is suddenly confused and dizzy",
    "he is having a seizure",
    "my son had his first seizure",
    "the seizure won't stop",
    "one side of my face keeps jerking and won't stop for two hours",
    "I can't breathe",
    "my throat is closing up",
    "my tongue is swelling",
    "my lips are swelling",
    "I am choking",
    "I can't swallow",
    "I had botox last week and now I can't swallow",
    "took metoclopramide and my jaw is locked",
    "my lips tingle and my hands cramp after thyroid surgery",
    "my jaw is locked after I stepped on a nail",
    "high fever stiff neck and confused",
    "my baby has clusters of head drops",
    "I want to die",
    "I am going to kill myself",
    "I want to hurt myself",
    "my friend says he wants to kill himself",
    "I am suicidal",
    "I have a rash and fever on carbamazepine",
];

/// Questions whose words leave no doubt that nobody is in danger.
const CLEARLY_HARMLESS: [&str; 4] = [
    "what causes facial twitching",
    "how is hemifacial spasm diagnosed",
    "which scan shows a vessel on the nerve",
    "does stress make it worse",
];

/// Messages of which rules say nothing and words alone not much.
const VAGUE: [&str; 6] = [
    "my face feels odd today",
    "my hand is a bit clumsy lately",
    "he sounds strange on the phone today",
    "my mouth feels heavy on one side",
    "she looks different since breakfast",
    "something is wrong with my words today",
];

fn red_flags() -> &'static RedFlags {
    &Detector::built_in().red_flags
}

fn alert(text: &str) -> Option<Alert> {
    Question::new(text).and_then(|question| check(Detector::built_in(), &question, None).alert)
}

fn flag(text: &str) -> Option<String> {
    alert(text).map(|alert| alert.flag)
}

fn raises(text: &str, flag: &str) -> bool {
    alert(text).is_some_and(|alert| alert.flag == flag || alert.also.iter().any(|also| also == flag))
}

/// Examples of the rules that raise their flag by themselves, with the flag.
fn examples_of_sure_rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    let sure = red_flags().rules.iter().filter(|rule| !rule.weak);
    let examples =
        sure.flat_map(|rule| rule.positive_examples.iter().map(|example| (example.text.as_str(), rule.flag.as_str())));
    examples.filter(|(text, _)| matches!(alert(text).map(|alert| alert.because), Some(Reason::Rule { .. })))
}

/// The examples of every rule; a few thousand words.
fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    red_flags()
        .rules
        .iter()
        .flat_map(|rule| rule.positive_examples.iter().map(|example| (example.text.as_str(), rule.flag.as_str())))
}

#[test]
fn every_example_of_a_rule_raises_its_flag() {
    let silent: Vec<&str> = examples().filter(|(text, flag)| !raises(text, flag)).map(|(text, _)| text).collect();
    assert_eq!(silent, Vec::<&str>::new());
}

#[test]
fn no_rule_raises_its_negative_examples() {
    let negative = red_flags().rules.iter().flat_map(|rule| &rule.negative_examples).map(|example| &*example.text);
    let loud: Vec<&str> =
        negative.filter(|text| matches!(alert(text).map(|alert| alert.because), Some(Reason::Rule { .. }))).collect();
    assert_eq!(loud, Vec::<&str>::new());
}

/// What training could not do yet is written here, so that no further example joins it unseen.
#[test]
fn the_classifier_raises_one_known_negative_example_of_a_rule() {
    let negative = red_flags().rules.iter().flat_map(|rule| &rule.negative_examples).map(|example| &*example.text);
    let loud: Vec<&str> = negative.filter(|text| alert(text).is_some()).collect();
    assert_eq!(loud, ["I won't be here tomorrow because I have a meeting, can someone answer today?"]);
}

#[test]
fn every_flag_of_the_question_sets_has_a_rule_and_the_classifier_knows_it() {
    let known: BTreeSet<&str> = red_flags().rules.iter().map(|rule| rule.flag.as_str()).collect();
    let expected = [
        "airway",
        "botulinum",
        "crisis",
        "drug-reaction",
        "head",
        "infant",
        "low-calcium",
        "meningitis",
        "seizure",
        "stroke",
        "tetanus",
        "vision",
    ];
    assert_eq!(known, BTreeSet::from(expected));
    let labels: BTreeSet<&str> =
        Detector::built_in().classifier.parameters().labels.iter().map(String::as_str).collect();
    assert!(known.is_subset(&labels), "{labels:?}");
}

#[test]
fn a_question_beside_a_plain_sign_never_hides_it() {
    for sign in PLAIN_SIGNS {
        for beside in ["", ", can anxiety cause twitching?", ". What causes facial twitching?"] {
            assert!(flag(&format!("{sign}{beside}")).is_some(), "{sign}{beside}");
        }
    }
}

#[test]
fn order_distance_and_sentence_borders_decide() {
    for text in [
        "My speech is fine. My face dropped an hour ago.",
        "No droop yesterday. Today the left side of his mouth hangs and he cant talk properly.",
        "my arm is ok but my face is suddenly droopy on the left since this morning",
        "can stress do this? the left side of my face just went droopy and my arm is weak",
    ] {
        assert_eq!(flag(text).as_deref(), Some("stroke"), "{text}");
    }
    for text in [
        "No droop, speech is fine, arms are fine. Just the eyelid.",
        "What are the signs of a stroke?",
        "can a stroke cause facial twitching",
        "this homework is killing me and my eye is twitching",
        "The doctor checked me for a stroke last year and found nothing, only the eyelid twitches.",
    ] {
        assert_eq!(flag(text), None, "{text}");
    }
}

#[test]
fn slips_capitals_missing_apostrophes_and_missing_spaces_are_read() {
    for text in [
        "HIS FACE IS DROOPING ON ONE SIDE SINCE THIS MORNING",
        "his face is suddnly droping on one side since this mornig",
        "hes got a droopy face on one side, cant lift his arm",
        "myface is drooping on one side since this morning and hisspeech is slurred",
        "face is droooooping on one side suddenly!!!",
    ] {
        assert_eq!(flag(text).as_deref(), Some("stroke"), "{text}");
    }
}

/// What comes of a text if its embedding scores `added` for one label, and whether it was embedded.
fn with_embedding(detector: &Detector, text: &str, label: &str, added: f32) -> (Option<Alert>, bool) {
    let embedded = Cell::new(false);
    let labels = &detector.classifier.parameters().labels;
    let scores = || {
        embedded.set(true);
        Some(labels.iter().map(|other| if other == label { added } else { 0.0 }).collect())
    };
    let question = Question::new(text).expect("a question");
    let triage = check_with(detector, &question, &scores);
    (triage.alert, embedded.get())
}

/// The built-in detector with a threshold of danger `factor` times as high as the probability that it predicts for a
/// text, so that a test of doubt does not hang on the weights of the day.
fn detector_with_threshold(text: &str, factor: f32) -> Detector {
    let with = |danger| {
        let thresholds = Thresholds { danger, crisis: f32::INFINITY, demand: f32::INFINITY };
        let classifier = Detector::built_in().classifier.clone().with_thresholds(thresholds);
        Detector { classifier, ..Detector::built_in().clone() }
    };
    let question = Question::new(text).expect("a question");
    match check(&with(0.0), &question, None).alert.map(|alert| alert.because) {
        Some(Reason::Classifier { probability, .. }) => with(factor * probability),
        other => panic!("no rule may raise it: {other:?}: {text}"),
    }
}

#[test]
fn a_message_is_embedded_only_in_doubt_and_its_embedding_only_ever_raises() {
    for (text, flag) in examples() {
        let calm = with_embedding(Detector::built_in(), text, "none", 50.0);
        let by_words = alert(text);
        assert_eq!(calm.0, by_words, "{flag}: {text}");
        assert!(by_words.is_none() || !calm.1, "what is raised needs no second thought: {text}");
    }
    for text in CLEARLY_HARMLESS {
        assert_eq!(with_embedding(Detector::built_in(), text, "stroke", 50.0), (None, false), "{text}");
    }
    for text in VAGUE {
        let in_doubt = detector_with_threshold(text, 1.2);
        assert_eq!(with_embedding(&in_doubt, text, "none", 50.0), (None, true), "{text}");
        let (alert, _) = with_embedding(&in_doubt, text, "stroke", 50.0);
        let alert = alert.unwrap_or_else(|| panic!("its embedding must raise it: {text}"));
        assert_eq!(alert.flag, "stroke", "{text}");
        assert!(matches!(alert.because, Reason::Classifier { by_embedding: true, .. }), "{alert:?}: {text}");

        let far_from_doubt = detector_with_threshold(text, f32::INFINITY);
        assert_eq!(with_embedding(&far_from_doubt, text, "stroke", 50.0), (None, false), "{text}");
    }
}

#[test]
fn one_sign_in_the_middle_of_a_long_story_is_seen() {
    let mut story = String::new();
    for at in 0..40 {
        let _ = write!(story, "{} ", HARMLESS[at % HARMLESS.len()]);
    }
    let missed: Vec<&str> = examples_of_sure_rules()
        .filter(|(text, flag)| !raises(&format!("{story}\n{text}\n{story}"), flag))
        .map(|(text, _)| text)
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}

#[test]
fn the_second_reader_sees_a_sign_in_the_middle_of_a_long_story() {
    let story = HARMLESS.repeat(4).join(" ");
    for text in [
        "Coffee keeps running out of the corner of my mouth since I woke up today and I can't hold the mug.",
        "She has given away her cat and written a letter to each of us, and tonight she said goodbye.",
    ] {
        assert!(flag(&format!("{story} {text} {story}")).is_some(), "{text}");
    }
}

#[test]
fn a_sign_inside_code_or_in_a_quote_of_somebody_else_is_seen() {
    for (text, flag) in examples_of_sure_rules() {
        for hidden in [
            format!("What is this?\n```\n{text}\n```"),
            format!("> {text}\nwhat should I tell him?"),
            format!("||{text}||"),
            format!("**{text}**"),
        ] {
            assert!(raises(&hidden, flag), "{hidden}");
        }
    }
}

#[test]
fn a_harmless_sentence_before_or_after_never_removes_what_a_rule_raised() {
    for (text, flag) in examples_of_sure_rules() {
        for harmless in HARMLESS {
            assert!(raises(&format!("{harmless} {text}"), flag), "{harmless} {text}");
            assert!(raises(&format!("{text}. {harmless}"), flag), "{text}. {harmless}");
        }
    }
}

#[test]
fn case_and_invisible_characters_change_nothing() {
    for (text, _) in examples() {
        let expected = alert(text);
        assert_eq!(alert(&text.to_uppercase()), expected, "{text}");
        let hidden: String = text.chars().flat_map(|c| [c, '\u{200d}']).collect();
        assert_eq!(flag(&hidden), expected.as_ref().map(|alert| alert.flag.clone()), "{text}");
        assert_eq!(alert(&format!("  {text} \n")), expected, "{text}");
    }
}

#[test]
fn a_crisis_comes_before_everything_else_that_a_rule_sees() {
    let crisis = "I want to kill myself tonight";
    for (text, _) in examples_of_sure_rules() {
        let found = alert(&format!("{text}. {crisis}.")).expect("a flag");
        assert_eq!((found.tier, found.card.as_str()), (Tier::Crisis, "crisis"), "{text}");
    }
}

/// One rule, able to raise its flag by itself, with one of its modifiers or none.
fn one_rule(at: usize, modifier: Option<&str>) -> Detector {
    let mut detector = Detector::built_in().clone();
    let mut rule = detector.red_flags.rules.swap_remove(at);
    rule.unless.retain(|name| Some(name.as_str()) == modifier);
    rule.weak = false;
    detector.red_flags.rules = vec![rule];
    detector
}

#[test]
fn each_modifier_alone_suppresses_an_example() {
    let by_rule = |detector: &Detector, text: &str| {
        let found = Question::new(text).and_then(|question| check(detector, &question, None).alert);
        matches!(found.map(|alert| alert.because), Some(Reason::Rule { .. }))
    };
    let mut shown = BTreeSet::new();
    for (at, rule) in red_flags().rules.iter().enumerate() {
        let without = one_rule(at, None);
        let negative = red_flags().rules.iter().flat_map(|rule| &rule.negative_examples).map(|example| &example.text);
        let matched: Vec<&String> = negative.filter(|text| by_rule(&without, text)).collect();
        for modifier in &rule.unless {
            let alone = one_rule(at, Some(modifier));
            if matched.iter().any(|text| !by_rule(&alone, text)) {
                shown.insert(modifier);
            }
        }
    }
    let named: BTreeSet<&String> = red_flags().rules.iter().flat_map(|rule| &rule.unless).collect();
    let idle: Vec<&&String> = named.difference(&shown).collect();
    assert_eq!(idle, Vec::<&&String>::new(), "modifiers that no example shows");
}

#[test]
fn modifiers_together_suppress_what_each_alone_does() {
    let both =
        "In 2011 my grandad had a droopy face after his operation, no slurred speech then, and it is the same today.";
    assert!(!matches!(alert(both).map(|alert| alert.because), Some(Reason::Rule { .. })));
    // A modifier speaks of its own match only.
    let beside = "no slurred speech, but my left arm has gone weak and numb since an hour ago";
    assert_eq!(flag(beside).as_deref(), Some("stroke"));
}

#[test]
fn a_long_question_is_checked_soon_in_a_debug_build_too() {
    let text = HARMLESS.join(" ").repeat(30);
    let started = Instant::now();
    assert_eq!(flag(&text), None);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

// `PROPTEST_CASES=1000000 cargo test --release --test suite no_text_makes` tries a million.
proptest! {
    #[test]
    fn no_text_makes_the_check_panic(text in "\\PC{0,200}|[a-z0-9 .,!?'\\n<>*`|-]{0,200}") {
        let _ = alert(&text);
    }

    #[test]
    fn words_of_the_rules_in_any_order_make_no_panic(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "my", "face", "is", "not", "drooping", "no", "stroke", "years", "ago", "but", "today", "cant", "speak", ".", ",", "?",
            "\n", "die", "want", "to", "botox", "swallow", "seizure", "baby", "jerks", "he", "was", "told",
        ]), 0..60)
    ) {
        let _ = alert(&words.join(" "));
    }
}
