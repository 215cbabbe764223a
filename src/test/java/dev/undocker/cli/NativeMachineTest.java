package dev.undocker.cli;

import dev.undocker.testing.StandIn;

import org.junit.jupiter.api.Test;

class NativeMachineTest {
    @Test
    void standsInForAllThatOthersCall() {
        new StandIn(NativeMachine.class).assertStandsInFor(Machine.class);
    }
}
