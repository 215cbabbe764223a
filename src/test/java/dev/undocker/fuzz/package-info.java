/// Readers of untrusted bytes, each as a target for a fuzzer: [FuzzTarget], found by [FuzzTargets].
package dev.undocker.fuzz;
