using System;
using FastPath.Xdp;
using FastPath.Xdp.Interop;

namespace FastPath.Tests.Xdp;

/// <summary>A ring in a memory file instead of a socket's: mapped once by the ring under test, once by the test as kernel.</summary>
internal sealed unsafe class RingMemory : IDisposable
{
    private const int ProducerAt = 0;
    private const int ConsumerAt = 128;
    private const int FlagsAt = 196;
    private const int EntriesAt = 320;

    private readonly int _file;
    private readonly int _entries;
    private readonly int _entryBytes;
    private readonly RingMapping _kernel;
    private readonly System.Collections.Generic.List<RingMapping> _mappings = [];

    public RingMemory(int entries, int entryBytes)
    {
        _entries = entries;
        _entryBytes = entryBytes;
        _file = Sys.MemoryFile("fastpath-test\0"u8, EntriesAt + (entries * entryBytes));
        _kernel = Map();
    }

    /// <summary>One more mapping, as a process that adopts the ring makes it.</summary>
    public RingMapping Map()
    {
        XdpRingOffset offsets = new() { Producer = ProducerAt, Consumer = ConsumerAt, Flags = FlagsAt, Descriptors = EntriesAt };
        RingMapping mapping = new(_file, 0, offsets, _entries, _entryBytes);
        _mappings.Add(mapping);
        return mapping;
    }

    public ref uint Producer => ref *_kernel.Producer;

    public ref uint Consumer => ref *_kernel.Consumer;

    public ref uint Flags => ref *_kernel.Flags;

    public Span<XdpDescriptor> Descriptors => new(_kernel.Entries, _entries);

    public Span<ulong> Addresses => new(_kernel.Entries, _entries);

    public void Dispose()
    {
        foreach (RingMapping mapping in _mappings)
            mapping.Dispose();
        Sys.Close(_file);
    }
}
