package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.WriterRegistry;

import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/// What `-o` of `convert` can say: everything that a command of its own can.
@QuarkusTest
class OutputArgumentTest {
    @Inject WriterRegistry writers;

    @Test
    void eachCharacterCanBeQuoted() {
        assertThat(OutputArgument.parse("dir,uid-map=0\\:100000\\:65536,force:a:b\\,c"))
                .isEqualTo(
                        new OutputArgument(
                                "dir", List.of("--uid-map=0:100000:65536", "--force"), "a:b\\,c"));
        assertThat(OutputArgument.parse("bundle,env=A=b\\,c\\\\d\\e=f:-").options())
                .containsExactly("--env=A=b,c\\de=f");
        assertThat(OutputArgument.parse("rootfs::x").destination()).isEqualTo(":x");
    }

    @ParameterizedTest
    @CsvSource({
        "rootfs,          not KIND:DEST",
        "rootfs:,         not KIND:DEST",
        "rootfs\\:out,    not KIND:DEST",
        "'rootfs,a=b\\:c', not KIND:DEST",
        "'rootfs,:out',   an option has no name",
        "'rootfs,=x:out', an option has no name"
    })
    void malformed(String text, String why) {
        assertThatThrownBy(() -> OutputArgument.parse(text))
                .isInstanceOf(UndockerException.class)
                .hasMessage("--output " + text + ": " + why);
    }

    @TestFactory
    Stream<DynamicTest> everyOptionOfEveryWriter() {
        return writers.writers().stream()
                .flatMap(writer ->
                        samples(writer).entrySet().stream()
                                .map(option ->
                                        DynamicTest.dynamicTest(
                                                writer.name() + " " + option.getKey(),
                                                () -> assertArrives(writer, option.getKey()))));
    }

    private static TreeMap<String, String> samples(OutputWriter writer) {
        TreeMap<String, String> samples = new TreeMap<>();
        writer.newSettings().declare(new Recorder(samples));
        assertThat(samples).isNotEmpty();
        return samples;
    }

    /// Said to `convert`, the value is what it is when said to the writer's own command.
    private static void assertArrives(OutputWriter writer, String option) {
        String value = samples(writer).get(option);
        String quoted = value.replaceAll("([\\\\:,])", "\\\\$1");
        OutputArgument argument =
                OutputArgument.parse(
                        "%s,%s%s:out"
                                .formatted(
                                        writer.name(),
                                        option.substring(2),
                                        value.isEmpty() ? "" : "=" + quoted));
        assertThat(argument.kind()).isEqualTo(writer.name());
        assertThat(argument.destination()).isEqualTo("out");
        TreeMap<String, String> heard = new TreeMap<>();
        CommandOptions.readWords(
                options -> writer.newSettings().declare(new Listener(options, heard)),
                argument.options());
        assertThat(heard).hasSize(1).containsEntry(option, value);
    }

    /// A value for each option that has one.
    private record Recorder(TreeMap<String, String> samples) implements Options {
        @Override
        public void flag(String name, String description, Consumer<Boolean> set) {
            samples.put(name, "");
        }

        @Override
        public void text(String name, String label, String description, Consumer<String> set) {
            samples.put(name, "--a:b,c\\d=\"e f\" ü");
        }

        @Override
        public void number(String name, String label, String description, IntConsumer set) {
            samples.put(name, "7");
        }

        @Override
        public void texts(
                String name, String label, String description, Consumer<List<String>> set) {
            samples.put(name, "=0:100000:65536,\\");
        }
    }

    /// Hears what the options are set to.
    private record Listener(Options options, TreeMap<String, String> heard) implements Options {
        @Override
        public void flag(String name, String description, Consumer<Boolean> set) {
            options.flag(name, description, given -> heard.put(name, given ? "" : "no"));
        }

        @Override
        public void text(String name, String label, String description, Consumer<String> set) {
            options.text(name, label, description, text -> heard.put(name, text));
        }

        @Override
        public void number(String name, String label, String description, IntConsumer set) {
            options.number(
                    name, label, description, number -> heard.put(name, String.valueOf(number)));
        }

        @Override
        public void texts(
                String name, String label, String description, Consumer<List<String>> set) {
            options.texts(name, label, description, all -> heard.put(name, String.join("|", all)));
        }
    }
}
