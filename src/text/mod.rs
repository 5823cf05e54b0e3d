//! Bidi text layout.
