import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;

/// Completion for zsh, a function for each command.
record ZshCompletion(CommandTree commands, Values values) {
    private static final String CODE =
            """
            #compdef undocker
            # zsh completion for undocker; generated from its options

            # _undocker_offer OFFER...: what a value can be
            _undocker_offer() {
                local offer start place= found=1
                local -a words starts
                for offer; do
                    start=${offer%%'<'*}
                    if [[ $offer != *'<'* ]]; then
                        words+=($offer)
                    elif [[ -z $start ]]; then
                        place=$offer
                    elif compset -P $start; then
                        _undocker_names ${offer#$start}
                        return
                    else
                        starts+=($start)
                    fi
                done
                if (( $#words )); then compadd -a words && found=0; fi
                if (( $#starts )); then compadd -S '' -a starts && found=0; fi
                _undocker_names $place && found=0
                return found
            }

            _undocker_names() {
                case $1 in
                '<FILE>') _files ;;
                '<DIRECTORY>') _files -/ ;;
                *) return 1 ;;
                esac
            }

            # _undocker_command FUNCTION: goes on with the first word's own function
            _undocker_command() {
                local function=$1_$words[1]
                if (( $+functions[$function] )); then $function; else return 1; fi
            }

            """;

    String text() {
        StringBuilder script = new StringBuilder(CODE);
        commands.all().forEach(command -> script.append(function(command)));
        return script.append("_undocker \"$@\"\n").toString();
    }

    private String function(CommandSpec command) {
        List<String> specifications = new ArrayList<>();
        for (OptionSpec option : CommandTree.options(command)) {
            specifications.add(specification(option));
        }
        for (PositionalParamSpec parameter : CommandTree.parameters(command)) {
            specifications.add(specification(parameter));
        }
        String name = "_" + command.qualifiedName("_");
        List<CommandSpec> children = CommandTree.children(command);
        if (!children.isEmpty()) {
            specifications.add(ShellWord.quoted("(-): :((" + described(children) + "))"));
            specifications.add(ShellWord.quoted("(-)*:: :{_undocker_command " + name + "}"));
        }
        return "%s() {\n    local curcontext=$curcontext\n    _arguments -S : \\\n        %s\n}\n\n"
                .formatted(name, String.join(" \\\n        ", specifications));
    }

    /// The names of one option exclude each other, unless it can be repeated.
    private String specification(OptionSpec option) {
        String description = "[%s]".formatted(escaped(CommandTree.description(option), "[]"));
        String value = CommandTree.hasValue(option) ? ":" + value(option) : "";
        List<String> specifications = new ArrayList<>();
        for (String name : option.names()) {
            String before =
                    option.isMultiValue()
                            ? "*"
                            : "(%s)".formatted(String.join(" ", option.names()));
            String assigned = value.isEmpty() ? "" : name.startsWith("--") ? "=" : "+";
            specifications.add(ShellWord.quoted(before + name + assigned + description + value));
        }
        return String.join(" \\\n        ", specifications);
    }

    private String specification(PositionalParamSpec parameter) {
        String place = parameter.isMultiValue() ? "*" : "" + (parameter.index().min() + 1);
        String optional = parameter.arity().min() == 0 && !place.equals("*") ? ":" : "";
        return ShellWord.quoted(place + ":" + optional + value(parameter));
    }

    /// A message and an action.
    private String value(ArgSpec argument) {
        List<String> offers = values.of(argument);
        String action = offers.isEmpty() ? " " : "{_undocker_offer %s}".formatted(words(offers));
        return escaped(argument.paramLabel(), "") + ":" + action;
    }

    private static String words(List<String> offers) {
        return String.join(
                " ", offers.stream().map(offer -> "\"" + escaped(offer, "") + "\"").toList());
    }

    private static String described(List<CommandSpec> children) {
        List<String> words = new ArrayList<>();
        for (CommandSpec child : children) {
            words.add(
                    "%s\\:%s"
                            .formatted(
                                    child.name(), shell(escaped(CommandTree.summary(child), ""))));
        }
        return String.join(" ", words);
    }

    /// For a place where colons end something.
    private static String escaped(String text, String special) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '\\' || c == ':' || special.indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    /// One word of zsh, which a list in an action is read as.
    private static String shell(String text) {
        return "\"" + text.replaceAll("([\"`$])", "\\\\$1") + "\"";
    }
}
