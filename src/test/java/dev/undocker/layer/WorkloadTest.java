package dev.undocker.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void theOnlyLayerHasTheOtherThread() {
        Workload workload = new Workload(2, 1, 100);
        workload.begin();
        assertThat(workload.takeSpare()).isTrue();
        assertThat(workload.takeSpare()).isFalse();
    }

    @Test
    void aThreadThatAnotherLayerWaitsForIsNotTaken() {
        Workload workload = new Workload(2, 2, 100);
        workload.begin();
        assertThat(workload.takeSpare()).isFalse();
        workload.begin();
        assertThat(workload.takeSpare()).isFalse();
        workload.end();
        assertThat(workload.takeSpare()).isTrue();
    }

    @Test
    void oneThreadHasNoOther() {
        Workload workload = new Workload(1, 1, 100);
        workload.begin();
        assertThat(workload.takeSpare()).isFalse();
    }
}
