package dev.undocker.layer;

/// What is kept of the content of layers that have to be decoded.
public enum KeptContent {
    /// What the layers above seem to leave alive, for conversions.
    OF_SURVIVORS,
    /// Nothing, until it is asked for.
    ON_DEMAND,
    /// Nothing: names are wanted. No temporary file is made.
    NONE
}
