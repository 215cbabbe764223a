package dev.undocker.runtime;

import dev.undocker.Warnings;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/// What somebody has changed in settings that were written here, and that goes on when they are
/// written anew: a three-way merge by subjects ([SettingsGrammar]). A subject that nobody touched
/// is as the image has it now; another stays as it was made to be, whatever the image says.
///
/// For that the settings hold themselves as they were written, in comments at their end: in Base64,
/// so that no command that edits the settings edits these too. Comments go where the file goes, and
/// are replaced with it at once; a second file would be lost by `lxc-copy` and `machinectl rename`.
/// An include file alone would not do: systemd-nspawn has none, and `config` is what administrators
/// edit and what LXC's own tools write.
///
/// Text is bytes, whatever the encoding.
public final class LocalEdits {
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final String TITLE =
            "# What undocker wrote, from which an update knows what was changed here:";

    /// What both runtimes' settings begin the comment with that names a volume.
    private static final String VOLUME = "# volume: ";

    private static final String MARK = "#| ";
    private static final int WIDTH = 76;

    private final SettingsGrammar grammar;
    private final Settings written;
    private final Settings edited;
    private final boolean known;

    /// Sections in their order, each with the lines of its subjects.
    private static final class Settings {
        private final Map<String, Map<String, List<String>>> sections = new LinkedHashMap<>();

        Map<String, List<String>> section(String name) {
            return sections.getOrDefault(name, Map.of());
        }
    }

    private LocalEdits(SettingsGrammar grammar, Settings written, Settings edited, boolean known) {
        this.grammar = grammar;
        this.written = written;
        this.edited = edited;
        this.known = known;
    }

    /// Of a file that stands where new settings go.
    public static LocalEdits of(byte[] file, SettingsGrammar grammar) {
        StringBuilder record = new StringBuilder();
        List<String> edited = new ArrayList<>();
        for (String line : lines(file)) {
            if (line.startsWith(MARK)) {
                record.append(line.substring(MARK.length()).strip());
            } else if (!line.equals(TITLE)) {
                edited.add(line);
            }
        }
        byte[] written = decoded(record.toString());
        return new LocalEdits(
                grammar,
                settings(lines(written), grammar),
                settings(edited, grammar),
                written.length > 0);
    }

    /// What the comments hold; nothing when they are damaged.
    private static byte[] decoded(String record) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(record));
            byte[] text = new byte[Math.max(bytes.remaining() - Integer.BYTES, 0)];
            bytes.get(text);
            return text.length > 0 && bytes.getInt() == checksum(text) ? text : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static void record(byte[] fresh, ByteArrayOutputStream text) {
        byte[] bytes =
                ByteBuffer.allocate(fresh.length + Integer.BYTES)
                        .put(fresh)
                        .putInt(checksum(fresh))
                        .array();
        add(text, "\n" + TITLE);
        Base64.Encoder encoder = Base64.getMimeEncoder(WIDTH, new byte[] {'\n'});
        lines(encoder.encode(bytes)).forEach(line -> add(text, MARK + line));
    }

    private static int checksum(byte[] text) {
        CRC32 checksum = new CRC32();
        checksum.update(text);
        return (int) checksum.getValue();
    }

    /// Where there were no settings before.
    public static LocalEdits none(SettingsGrammar grammar) {
        return new LocalEdits(grammar, new Settings(), new Settings(), true);
    }

    /// False for a file of whose origin nothing is known: then no edits of it go on.
    public boolean areKnown() {
        return known;
    }

    /// The lines that were written and begin with `prefix`, without it.
    public List<String> written(String prefix) {
        return written.sections.values().stream()
                .flatMap(section -> section.values().stream())
                .flatMap(List::stream)
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    /// The volumes that were declared when the settings were written: they are the machine's, also
    /// when its next image does not declare them. Names that no comment can hold are missing.
    public List<String> volumes() {
        return written(VOLUME).stream()
                .filter(path -> path.indexOf('\\') < 0)
                .map(path -> new String(path.getBytes(BYTES), StandardCharsets.UTF_8))
                .toList();
    }

    /// New settings with the edits, and what the next update needs.
    ///
    /// @param name of the file, for messages
    /// @param warnings hear of each subject that the image has changed too
    public byte[] applyTo(byte[] fresh, String name, Warnings warnings) {
        Settings next = settings(lines(fresh), grammar);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Set<String> sections = new LinkedHashSet<>(next.sections.keySet());
        if (known) {
            sections.addAll(edited.sections.keySet());
        }
        for (String section : sections) {
            List<String> lines =
                    known
                            ? merged(section, next.section(section), name, warnings)
                            : next.section(section).values().stream()
                                    .flatMap(List::stream)
                                    .toList();
            if (lines.isEmpty() && !next.sections.containsKey(section)) {
                continue;
            }
            if (!section.isEmpty()) {
                add(text, (text.size() == 0 ? "" : "\n") + section);
            }
            lines.forEach(line -> add(text, line));
        }
        record(fresh, text);
        return text.toByteArray();
    }

    private static void add(ByteArrayOutputStream text, String line) {
        text.writeBytes((line + "\n").getBytes(BYTES));
    }

    private List<String> merged(
            String section, Map<String, List<String>> next, String name, Warnings warnings) {
        Map<String, List<String>> was = written.section(section);
        Map<String, List<String>> is = edited.section(section);
        // lines of subjects that are here alone, behind the subject that they follow here
        Map<String, List<String>> following = new HashMap<>();
        List<String> first = new ArrayList<>();
        List<String> behind = first;
        for (Map.Entry<String, List<String>> entry : is.entrySet()) {
            String subject = entry.getKey();
            if (next.containsKey(subject)) {
                behind = following.computeIfAbsent(subject, _ -> new ArrayList<>());
            } else if (!entry.getValue().equals(was.get(subject))) {
                behind.addAll(entry.getValue());
            }
        }
        List<String> lines = new ArrayList<>(first);
        next.forEach((subject, now) -> {
            List<String> before = was.getOrDefault(subject, List.of());
            List<String> here = is.getOrDefault(subject, List.of());
            boolean untouched = here.equals(before);
            if (!untouched && !now.equals(before) && !now.equals(here)) {
                warnings.warn(
                        "%s: %s: stays as it was changed here; the image has changed it too"
                                .formatted(name, subject));
            }
            lines.addAll(untouched ? now : here);
            lines.addAll(following.getOrDefault(subject, List.of()));
        });
        return lines;
    }

    private static Settings settings(List<String> lines, SettingsGrammar grammar) {
        Settings settings = new Settings();
        String section = "";
        for (String line : joined(lines, grammar)) {
            String trimmed = line.strip();
            @Nullable String begun = grammar.section(trimmed);
            if (begun != null) {
                section = begun;
                settings.sections.computeIfAbsent(section, _ -> new LinkedHashMap<>());
            } else if (!trimmed.isEmpty()) {
                String subject = trimmed.startsWith("#") ? trimmed : grammar.subject(trimmed);
                settings.sections
                        .computeIfAbsent(section, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(subject, _ -> new ArrayList<>())
                        .add(line);
            }
        }
        return settings;
    }

    /// Lines that belong together as one, with their ends in it.
    private static List<String> joined(List<String> lines, SettingsGrammar grammar) {
        List<String> joined = new ArrayList<>();
        boolean open = false;
        for (String line : lines) {
            boolean comment = line.strip().startsWith("#");
            if (open) {
                joined.add(joined.removeLast() + "\n" + line);
            } else {
                joined.add(line);
            }
            open = comment ? open : grammar.continues(line);
        }
        return joined;
    }

    private static List<String> lines(byte[] text) {
        return List.of(new String(text, BYTES).split("\n"));
    }
}
