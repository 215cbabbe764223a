package dev.undocker.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Anything that is held by a file descriptor: a regular file, and the attributes of a directory.
class LinuxFile implements NewFile {
    final SyscallNumbers numbers;
    final int descriptor;
    private boolean closed;

    LinuxFile(SyscallNumbers numbers, int descriptor) {
        this.numbers = numbers;
        this.descriptor = descriptor;
    }

    @Override
    public void write(ByteBuffer data, long position) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        long address = MemorySegment.ofBuffer(data).address();
        int length = data.remaining();
        int done = 0;
        while (done < length) {
            done +=
                    (int)
                            call.call(
                                    numbers.pwrite64(),
                                    descriptor,
                                    address + done,
                                    length - done,
                                    position + done);
        }
        data.position(data.limit());
    }

    @Override
    public void setSize(long size) throws SystemCallException {
        Syscall.ofThread().call(numbers.ftruncate(), descriptor, size);
    }

    @Override
    public void setOwner(int uid, int gid) throws SystemCallException {
        Syscall.ofThread()
                .call(
                        numbers.fchown(),
                        descriptor,
                        Integer.toUnsignedLong(uid),
                        Integer.toUnsignedLong(gid));
    }

    @Override
    public void setMode(int mode) throws SystemCallException {
        Syscall.ofThread().call(numbers.fchmod(), descriptor, mode);
    }

    @Override
    public void setXattr(byte[] attribute, byte[] value) throws SystemCallException {
        LinuxNode.setXattr(Syscall.ofThread(), numbers.fsetxattr(), descriptor, attribute, value);
    }

    @Override
    public void setTimes(long seconds, int nanos) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(numbers.utimensat(), descriptor, 0, LinuxNode.times(call, seconds, nanos), 0);
    }

    @Override
    public void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            Syscall.ofThread().call(numbers.close(), descriptor, 0);
        }
    }
}
