package dev.undocker.source.daemon;

import dev.undocker.UndockerException;
import dev.undocker.content.BulkInputStream;
import dev.undocker.content.TransferException;
import dev.undocker.source.JsonDocument;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An image while it arrives. A daemon whose work fails in the middle ends the body in good order,
/// and says so in JSON where the tar should go on
/// (<https://github.com/moby/moby/blob/master/api/server/router/image/image_routes.go>,
/// `getImagesGet`).
final class Export extends BulkInputStream {
    private static final int BLOCK = 512;
    private static final int KEPT = 2048;
    private static final String COMPLAINT = "{\"errorDetail\"";

    private final String place;
    private final Answer answer;
    private byte[] tail = new byte[0];
    private long position;

    /// @param place what messages begin with
    /// @param answer is closed with this
    Export(String place, Answer answer) {
        this.place = place;
        this.answer = answer;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        int count;
        try {
            count = answer.body().read(target, offset, length);
        } catch (IOException e) {
            throw Engine.brokenOff(place, e);
        }
        if (count < 0) {
            requireNoComplaint();
        } else {
            position += count;
            keep(target, offset, count);
        }
        return count;
    }

    private void keep(byte[] bytes, int offset, int count) {
        int older = Math.min(tail.length, Math.max(0, KEPT - count));
        int newer = Math.min(count, KEPT);
        byte[] kept = Arrays.copyOfRange(tail, tail.length - older, tail.length + newer);
        System.arraycopy(bytes, offset + count - newer, kept, older, newer);
        tail = kept;
    }

    /// Tars consist of whole blocks.
    private void requireNoComplaint() {
        String text = new String(tail, StandardCharsets.UTF_8);
        int begin = text.lastIndexOf(COMPLAINT);
        if (position % BLOCK == 0 || begin < 0) {
            return;
        }
        String reason;
        try {
            byte[] json = text.substring(begin).getBytes(StandardCharsets.UTF_8);
            reason = JsonDocument.parse("answer", json, said -> {}).string("error");
        } catch (UndockerException e) {
            return;
        }
        throw new TransferException("%s: the daemon broke off: %s".formatted(place, reason), null);
    }

    @Override
    public void close() throws IOException {
        answer.close();
    }
}
