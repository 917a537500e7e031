package dev.claviger.app.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

class DriverTimerTest {

    @Test
    void holdsTheTimerAsLongAsItLives() {
        int before = Driver.getSharedTimer().getRefCount();
        DriverTimer timer = new DriverTimer();
        assertThat(Driver.getSharedTimer().getRefCount()).isEqualTo(before + 1);
        timer.destroy();
        assertThat(Driver.getSharedTimer().getRefCount()).isEqualTo(before);
    }
}
