using System;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>One mapped ring: where the kernel's indices, flags and entries are. Unmapped before its socket is closed.</summary>
// SAFETY: the kernel says where indices and entries lie (XDP_MMAP_OFFSETS), and the mapping ends behind the last entry.
[PerWorker]
internal sealed unsafe class RingMapping : IDisposable
{
    private readonly long _bytes;
    private byte* _start;

    /// <param name="socket">The AF_XDP socket, with the ring already sized.</param>
    /// <param name="page">Page offset that selects the ring.</param>
    /// <param name="offsets">Where the kernel says its parts are.</param>
    /// <param name="entries">Entries, a power of two.</param>
    /// <param name="entryBytes">16 for RX and TX, 8 for fill and completion.</param>
    public RingMapping(int socket, long page, XdpRingOffset offsets, int entries, int entryBytes)
    {
        _bytes = (long)offsets.Descriptors + ((long)entries * entryBytes);
        _start = (byte*)Sys.Map(null, _bytes, LibC.PROT_READ | LibC.PROT_WRITE,
            LibC.MAP_SHARED | LibC.MAP_POPULATE, socket, page, out int errno);
        if (errno != 0)
            throw new XdpException("mapping an AF_XDP ring", errno);

        Producer = (uint*)(_start + offsets.Producer);
        Consumer = (uint*)(_start + offsets.Consumer);
        Flags = (uint*)(_start + offsets.Flags);
        Entries = _start + offsets.Descriptors;
        Mask = (uint)entries - 1;
    }

    public uint* Producer { get; }

    public uint* Consumer { get; }

    public uint* Flags { get; }

    public void* Entries { get; }

    public uint Mask { get; }

    public void Dispose()
    {
        if (_start == null)
            return;
        // A mapping keeps the socket's file alive, and with it the binding to the queue: unmap first, then close.
        Sys.Unmap(_start, _bytes);
        _start = null;
    }
}
