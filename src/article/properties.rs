//! Properties of every article.
