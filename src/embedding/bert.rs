//! A BERT-like model in memory.

use std::path::Path;

use candle_core::{DType, Device, IndexOp as _, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

use super::{ModelError, ModelFolder, Vector};

/// Tokens of a text that are read; about 90 words. Longer texts cost more than a member waits for, and passages are
/// shorter.
const TOKENS_MAX: usize = 128;

/// Texts that go through the model together.
const BATCH: usize = 16;

/// A model, ready to embed.
pub struct Embedder {
    model: BertModel,
    tokenizer: Tokenizer,
    dimensions: usize,
    digest: String,
}

impl Embedder {
    /// Loads a model folder, and tries it on a word.
    ///
    /// # Errors
    ///
    /// When a file is missing or no part of such a model.
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        let unusable = |reason: String| ModelError::Unusable { path: folder.display().to_string(), reason };
        let files = ModelFolder::read(folder)?;
        let digest = files.digest();
        let config: Config =
            serde_json::from_slice(&files.config).map_err(|error| unusable(format!("config.json: {error}")))?;
        let mut tokenizer =
            Tokenizer::from_bytes(&files.tokenizer).map_err(|error| unusable(format!("tokenizer.json: {error}")))?;
        tokenizer.with_padding(Some(PaddingParams::default()));
        tokenizer
            .with_truncation(Some(TruncationParams { max_length: TOKENS_MAX, ..TruncationParams::default() }))
            .map_err(|error| unusable(format!("tokenizer.json: {error}")))?;
        let weights = VarBuilder::from_buffered_safetensors(files.weights, DType::F32, &Device::Cpu)
            .map_err(|error| unusable(format!("model.safetensors: {}", first_line(&error))))?;
        let model = BertModel::load(weights, &config)
            .map_err(|error| unusable(format!("model.safetensors: {}", first_line(&error))))?;
        let embedder = Self { model, tokenizer, dimensions: config.hidden_size, digest };
        let tried = embedder.embed(&["twitch"]).map_err(|error| unusable(error.to_string()))?;
        let whole = tried.first().is_some_and(|vector| vector.iter().all(|number| number.is_finite()));
        if whole { Ok(embedder) } else { Err(unusable("it gives no numbers".to_owned())) }
    }

    /// Digest of its files.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Numbers in a vector.
    pub const fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vector of each text.
    ///
    /// # Errors
    ///
    /// When the model fails; the error does not hold the text.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vector>, ModelError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let pooled = self.pooled(batch).map_err(|error| ModelError::Failed(first_line(&error)))?;
            vectors.extend(pooled.to_vec2::<f32>().map_err(|error| ModelError::Failed(first_line(&error)))?);
        }
        Ok(vectors)
    }

    /// Mean over the tokens of each text, at length 1.
    fn pooled(&self, batch: &[&str]) -> candle_core::Result<Tensor> {
        let encodings = self
            .tokenizer
            .encode_batch(batch.to_vec(), true)
            .map_err(|_| candle_core::Error::Msg("the tokenizer refused a text".to_owned()))?;
        let tokens = encodings.first().map_or(0, |encoding| encoding.get_ids().len());
        let ids: Vec<u32> = encodings.iter().flat_map(|encoding| encoding.get_ids().to_vec()).collect();
        let mask: Vec<u32> = encodings.iter().flat_map(|encoding| encoding.get_attention_mask().to_vec()).collect();
        let shape = (batch.len(), tokens);
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let hidden = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
        let sums = hidden.broadcast_mul(&mask)?.sum(1)?;
        let means = sums.broadcast_div(&mask.sum(1)?)?;
        let lengths = means.sqr()?.sum_keepdim(1)?.sqrt()?;
        means.broadcast_div(&lengths)?.i(..)
    }
}

impl std::fmt::Debug for Embedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedder").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// candle's errors can carry a backtrace of many lines.
fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
