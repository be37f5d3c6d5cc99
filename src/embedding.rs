//! Text to vectors by a sentence-embedding model, where one is installed and the program was built to read it.
//!
//! Purpose: load a model folder, embed texts, install the model. It knows nothing of passages or questions. A *model
//! folder* holds `config.json`, `tokenizer.json` and `model.safetensors` of a BERT-like model whose token vectors are
//! averaged (mean pooling). Vectors have length 1, so that a dot product is a cosine.

#[cfg(feature = "semantic")]
mod bert;
mod install;
#[cfg(not(feature = "semantic"))]
mod without;

#[cfg(feature = "semantic")]
use std::path::Path;

#[cfg(feature = "semantic")]
use sha2::{Digest as _, Sha256};
use thiserror::Error;

#[cfg(feature = "semantic")]
pub use bert::Embedder;
pub use install::{InstallError, MODEL_FILES, MODEL_URL, ModelFile, Source, install};
#[cfg(not(feature = "semantic"))]
pub use without::Embedder;

#[cfg(feature = "semantic")]
use crate::hash::hex;

/// A text's embedding. Its length is 1.
pub type Vector = Vec<f32>;

/// Why there is no semantic search.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The program was built without the feature `semantic`.
    #[error("this program was built without semantic search; build it with --features semantic")]
    NotBuilt,
    /// A file of the model folder can't be read.
    #[error("{path}: the file can't be read ({reason}); run seventh model install")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// The files are no model that this program can use.
    #[error("{path} holds no usable model ({reason}); run seventh model install")]
    Unusable {
        /// The model folder.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The model failed on a text. The text is not named.
    #[error("the model failed: {0}")]
    Failed(String),
}

/// The file with the sha256 of each file of an installed model, as `sha256sum` writes it.
const SUMS: &str = "SHA256SUMS";

/// The files of a model, as they lie in a folder.
#[cfg(feature = "semantic")]
struct ModelFolder {
    config: Vec<u8>,
    tokenizer: Vec<u8>,
    weights: Vec<u8>,
}

#[cfg(feature = "semantic")]
impl ModelFolder {
    fn read(folder: &Path) -> Result<Self, ModelError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path)
                .map_err(|error| ModelError::Unreadable { path: path.display().to_string(), reason: error.to_string() })
        };
        let files = Self {
            config: read("config.json")?,
            tokenizer: read("tokenizer.json")?,
            weights: read("model.safetensors")?,
        };
        files.check(folder)?;
        Ok(files)
    }

    /// Compares the files with the sums that the installation left beside them. A model of somebody's own has none.
    fn check(&self, folder: &Path) -> Result<(), ModelError> {
        let Ok(sums) = std::fs::read_to_string(folder.join(SUMS)) else { return Ok(()) };
        let named =
            [("config.json", &self.config), ("tokenizer.json", &self.tokenizer), ("model.safetensors", &self.weights)];
        for (name, bytes) in named {
            let sum = format!("{}  {name}", hex(&Sha256::digest(bytes)));
            if !sums.lines().any(|line| line == sum) {
                let reason = format!("{name} is not what was installed");
                return Err(ModelError::Unusable { path: folder.display().to_string(), reason });
            }
        }
        Ok(())
    }

    /// A digest of all of them: generations name the model that made their vectors.
    fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for file in [&self.config, &self.tokenizer, &self.weights] {
            digest.update(Sha256::digest(file));
        }
        hex(&digest.finalize()[..8])
    }
}
