package dev.undocker.linux;

import dev.undocker.testing.StandIn;

import org.junit.jupiter.api.Test;

class NativeDowncallTest {
    @Test
    void standsInForAllThatOthersCall() {
        new StandIn(NativeDowncall.class).assertStandsInFor(Downcall.class);
    }
}
