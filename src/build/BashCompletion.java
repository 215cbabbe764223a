import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;

/// Completion for bash, with or without the bash-completion package.
///
/// Bash ends a word at each colon and equals sign, unless the user says otherwise: `oci:image` is
/// three. So the words are put together again, and what is offered lacks what stands before the end
/// of the last piece.
record BashCompletion(CommandTree commands, Values values) {
    private static final String CODE =
            """
            # bash completion for undocker; generated from its options

            # _undocker_words: sets words to what is typed up to the cursor, and piece to the part of the
            # last word that bash will replace
            _undocker_words() {
                local rest=${COMP_LINE:0:COMP_POINT} each
                words=()
                for each in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
                    if [[ ${#words[@]} -eq 0 || $rest == [[:blank:]]* ]]; then
                        words+=("")
                        rest=${rest#"${rest%%[![:blank:]]*}"}
                    fi
                    if [[ $rest == "$each"* ]]; then piece=$each; else piece=$rest; fi
                    words[-1]+=$piece
                    rest=${rest#"$piece"}
                done
                if [[ $piece != *[!:=]* ]]; then piece=; fi
            }

            # _undocker_offer VALUE: completes VALUE, the end of the last word, with what is in offers
            _undocker_offer() {
                local value=$1 offer start place=none rest=
                for offer in "${offers[@]}"; do
                    start=${offer%%<*}
                    if [[ $offer != *'<'* || $value != "$start"* ]]; then
                        if [[ $start == "$value"* ]]; then COMPREPLY+=("$start"); fi
                    elif [[ $place == none ]]; then
                        place=${offer#"$start"}
                        rest=${value#"$start"}
                    fi
                done
                if [[ ${#COMPREPLY[@]} -eq 0 && $piece == "$rest" ]]; then
                    # readline knows best how to quote names
                    case $place in
                    '<FILE>') compopt -o default ;;
                    '<DIRECTORY>') compopt -o dirnames ;;
                    esac
                else
                    _undocker_names "$place" "$rest" "${value%"$rest"}"
                fi
                _undocker_trim "${words[-1]%"$piece"}" "${words[-1]%"$value"}"
            }

            # _undocker_names PLACE NAME START: adds names of files or directories, START in front
            _undocker_names() {
                local name kind=-f
                case $1 in
                '<FILE>') ;;
                '<DIRECTORY>') kind=-d ;;
                *) return ;;
                esac
                while IFS= read -r name; do
                    if [[ -d $name ]]; then name+=/; fi
                    printf -v name %q "$name"
                    COMPREPLY+=("$3$name")
                done < <(compgen "$kind" -- "$2")
            }

            # _undocker_trim KEPT BEFORE: takes from each answer, which begins after BEFORE, what bash keeps
            _undocker_trim() {
                local kept=${1#"$2"} i
                for i in "${!COMPREPLY[@]}"; do
                    COMPREPLY[i]=${COMPREPLY[i]#"$kept"}
                done
                if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:/] ]]; then compopt -o nospace; fi
            }

            # _undocker_has_value COMMAND OPTION
            _undocker_has_value() {
                local offers=()
                _undocker_options "$1"
                [[ " ${offers[*]} " == *" $2= "* ]]
            }

            _undocker() {
                local words=() piece= offers=() command= option= parameter=0 options=yes word i
                COMPREPLY=()
                _undocker_words
                for ((i = 1; i < ${#words[@]} - 1; i++)); do
                    word=${words[i]}
                    if [[ -n $option ]]; then
                        option=
                    elif [[ $word == -- && $options ]]; then
                        options=
                    elif [[ $word == -* && $options ]]; then
                        if _undocker_has_value "$command" "$word"; then option=$word; fi
                    elif [[ $parameter -eq 0 ]] && _undocker_is_command "${command:+$command }$word"; then
                        command+=${command:+ }$word
                    else
                        parameter=$((parameter + 1))
                    fi
                done
                word=${words[-1]}
                if [[ -n $option ]]; then
                    _undocker_values "$command $option"
                    _undocker_offer "$word"
                elif [[ $word == -*=* && $options ]]; then
                    _undocker_values "$command ${word%%=*}"
                    _undocker_offer "${word#*=}"
                elif [[ $word == -* && $options ]]; then
                    _undocker_options "$command"
                    offers=("${offers[@]%=}")
                    _undocker_offer "$word"
                else
                    _undocker_values "$command $parameter"
                    _undocker_offer "$word"
                fi
            } 2> /dev/null

            """;

    String text() {
        StringBuilder script = new StringBuilder(CODE);
        List<String> paths = new ArrayList<>();
        StringBuilder options = new StringBuilder();
        StringBuilder offers = new StringBuilder();
        for (CommandSpec command : commands.all()) {
            String path = commands.path(command);
            if (command != commands.root()) {
                paths.add(ShellWord.quoted(path));
            }
            List<String> names = new ArrayList<>();
            for (OptionSpec option : CommandTree.options(command)) {
                String sign = CommandTree.hasValue(option) ? "=" : "";
                List<String> patterns = new ArrayList<>();
                for (String name : option.names()) {
                    names.add(name + sign);
                    patterns.add(ShellWord.quoted(path + " " + name));
                }
                add(offers, String.join(" | ", patterns), values.of(option));
            }
            add(options, ShellWord.quoted(path), names);
            List<CommandSpec> children = CommandTree.children(command);
            if (!children.isEmpty()) {
                add(
                        offers,
                        ShellWord.quoted(path + " 0"),
                        children.stream().map(CommandSpec::name).toList());
            }
            for (PositionalParamSpec parameter : CommandTree.parameters(command)) {
                add(offers, ShellWord.quoted(path + " ") + places(parameter), values.of(parameter));
            }
        }
        function(
                script,
                "is_command",
                "    %s) ;;\n    *) return 1 ;;\n".formatted(String.join(" | ", paths)));
        // those with a value end in =
        function(script, "options", options.toString());
        function(script, "values", offers.toString());
        return script.append("complete -F _undocker undocker\n").toString();
    }

    private static void function(StringBuilder script, String name, String cases) {
        script.append("_undocker_%s() {\n    case $1 in\n%s    esac\n}\n\n".formatted(name, cases));
    }

    private static void add(StringBuilder cases, String pattern, List<String> offers) {
        if (!offers.isEmpty()) {
            String words = String.join(" ", offers.stream().map(ShellWord::quoted).toList());
            cases.append("    %s) offers=(%s) ;;\n".formatted(pattern, words));
        }
    }

    /// Which positional parameters, counted from 0, as a pattern. The first pattern that fits
    /// counts.
    private static String places(PositionalParamSpec parameter) {
        return parameter.isMultiValue() ? "[0-9]*" : "" + parameter.index().min();
    }
}
