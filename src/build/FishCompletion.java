import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;

/// Completion for fish.
record FishCompletion(CommandTree commands, Values values) {
    private static final String CODE =
            """
            # fish completion for undocker; generated from its options

            # __undocker_at COMMAND [COMPARISON NUMBER]: the cursor is behind this command, and in one of
            # these positional parameters, counted from 0
            function __undocker_at
                set -l words (commandline -opc)
                set -l command
                set -l parameter 0
                set -l options yes
                set -l skip
                for word in $words[2..]
                    if test -n "$skip"
                        set skip
                    else if test "$word" = -- -a -n "$options"
                        set options
                    else if string match -q -- '-*' "$word"; and test -n "$options"
                        if __undocker_has_value "$command $word"
                            set skip yes
                        end
                    else if test $parameter -eq 0; and __undocker_is_command (string trim "$command $word")
                        set command (string trim "$command $word")
                    else
                        set parameter (math $parameter + 1)
                    end
                end
                test "$command" = "$argv[1]"; or return 1
                test (count $argv) -eq 1; and return
                test $parameter $argv[2..3]
            end

            # __undocker_offer OFFER...: what a value can be
            function __undocker_offer
                set -l value (string replace -r -- '^--[^=]*=' '' (commandline -ct))
                for offer in $argv
                    set -l start (string replace -r '<.*' '' -- $offer)
                    set -l place (string replace -r '^[^<]*' '' -- $offer)
                    if test -z "$place"
                        echo $offer
                    else if test -n "$start"; and not string match -q -- "$start*" "$value"
                        echo $start
                    else
                        set -l rest (string sub -s (math (string length -- "$start") + 1) -- "$value")
                        switch $place
                            case '<FILE>'
                                string join \\n -- "$start"(__fish_complete_path "$rest")
                            case '<DIRECTORY>'
                                string join \\n -- "$start"(__fish_complete_directories "$rest")
                        end
                        test -n "$start"; and return
                    end
                end
            end

            complete -c undocker -f
            """;

    String text() {
        StringBuilder script = new StringBuilder(CODE);
        List<String> paths = new ArrayList<>();
        List<String> withValue = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (CommandSpec command : commands.all()) {
            String path = commands.path(command);
            paths.add(path);
            for (CommandSpec child : CommandTree.children(command)) {
                line(lines, path, "-eq 0", "-a " + child.name(), CommandTree.summary(child));
            }
            for (OptionSpec option : CommandTree.options(command)) {
                line(lines, path, "", names(option), CommandTree.description(option));
                if (CommandTree.hasValue(option)) {
                    for (String name : option.names()) {
                        withValue.add(path + " " + name);
                    }
                }
            }
            for (PositionalParamSpec parameter : CommandTree.parameters(command)) {
                List<String> offers = values.of(parameter);
                if (!offers.isEmpty()) {
                    String place =
                            (parameter.isMultiValue() ? "-ge " : "-eq ") + parameter.index().min();
                    line(lines, path, place, "-k " + offer(offers), "");
                }
            }
        }
        function(script, "is_command", paths);
        function(script, "has_value", withValue);
        return script.append('\n').append(lines).toString();
    }

    private String names(OptionSpec option) {
        StringBuilder names = new StringBuilder();
        for (String name : option.names()) {
            names.append(
                    name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
            names.append(' ');
        }
        if (CommandTree.hasValue(option)) {
            names.append("-x ");
            List<String> offers = values.of(option);
            if (!offers.isEmpty()) {
                names.append(offer(offers));
            }
        }
        return names.toString().strip();
    }

    private static String offer(List<String> offers) {
        List<String> words = new ArrayList<>();
        offers.forEach(offer -> words.add(offer.contains("<") ? "\"" + offer + "\"" : offer));
        return "-a " + quoted("(__undocker_offer " + String.join(" ", words) + ")");
    }

    /// @param parameter empty for an option, which can stand anywhere
    private static void line(
            StringBuilder lines, String path, String parameter, String what, String description) {
        String at = "__undocker_at \"%s\" %s".formatted(path, parameter).strip();
        lines.append("complete -c undocker -n %s %s".formatted(quoted(at), what));
        if (!description.isEmpty()) {
            lines.append(" -d ").append(quoted(description));
        }
        lines.append('\n');
    }

    private static void function(StringBuilder script, String name, List<String> words) {
        script.append(
                "\nfunction __undocker_%s\n    contains -- \"$argv\" \\\n        ".formatted(name));
        script.append(
                String.join(" \\\n        ", words.stream().map(FishCompletion::quoted).toList()));
        script.append("\nend\n");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
