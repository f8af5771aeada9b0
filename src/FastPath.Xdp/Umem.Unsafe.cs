using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>
/// The packet memory a worker shares with the kernel: fixed-size chunks in a memory file, and a side table that says
/// who owns each chunk. The file survives the process when somebody else holds its descriptor (<see cref="Adopt"/>).
/// </summary>
/// <remarks>
/// File: chunks from offset 0, then the side table, then one page with the <see cref="UmemHeader"/> and the records of
/// the sockets. The free list is process memory, last in first out so that hot chunks are used again first.
/// </remarks>
[PerWorker]
public sealed unsafe class Umem : IDisposable
{
    private readonly byte* _chunks;
    private readonly FrameEntry* _table;
    private readonly uint* _free;
    private readonly ulong _inverse;
    private int _freeCount;
    private bool _disposed;

    private Umem(int number, int descriptor, UmemOptions options)
    {
        Number = number;
        Descriptor = descriptor;
        Options = options;
        _chunks = FrameSpace.Slot(number);
        _table = (FrameEntry*)(_chunks + options.TableOffset);
        _free = (uint*)NativeMemory.AlignedAlloc((nuint)options.ChunkCount * sizeof(uint), 64);
        Records = new SocketRecords((SocketRecord*)(_chunks + options.HeaderOffset + UmemHeader.RecordsOffset));
        // Rounded up: exact for every offset below 1 GiB (UmemOptions.Check), see UmemTests.
        _inverse = ((1UL << 43) + (ulong)options.ChunkBytes - 1) / (ulong)options.ChunkBytes;
    }

    /// <summary>Number of this UMEM in the process, 0..255; part of every <see cref="FrameAddress"/> it hands out.</summary>
    public int Number { get; }

    /// <summary>The memory file. Whoever holds it can adopt the chunks.</summary>
    public int Descriptor { get; }

    public UmemOptions Options { get; }

    public int ChunkCount => Options.ChunkCount;

    public int ChunkBytes => Options.ChunkBytes;

    public int FreeCount => _freeCount;

    /// <summary>The sockets that share this memory.</summary>
    internal SocketRecords Records { get; }

    /// <summary>Makes a new memory file with all chunks free.</summary>
    public static Umem Create(UmemOptions options)
    {
        options.Check();
        Umem umem = Map(Sys.MemoryFile("fastpath-umem\0"u8, options.FileBytes), options);
        *umem.Header = UmemHeader.For(options);
        umem.RebuildFreeList();
        return umem;
    }

    /// <summary>
    /// Maps the memory file of a process that is gone. Owners are as it left them; the caller reads the rings, decides
    /// what came home (<see cref="Reclaim"/>) and then calls <see cref="RebuildFreeList"/>.
    /// </summary>
    public static Umem Adopt(int descriptor)
    {
        UmemHeader header = UmemHeader.Read(descriptor);
        return Map(descriptor, header.ToOptions());
    }

    private UmemHeader* Header => (UmemHeader*)(_chunks + Options.HeaderOffset);

    private static Umem Map(int descriptor, UmemOptions options)
    {
        int number = FrameSpace.Claim();
        byte* slot = FrameSpace.Slot(number);
        Sys.Map(slot, options.FileBytes, LibC.PROT_READ | LibC.PROT_WRITE,
            LibC.MAP_SHARED | LibC.MAP_FIXED | LibC.MAP_POPULATE, descriptor, 0, out int errno);
        if (errno != 0)
        {
            FrameSpace.Release(number);
            throw new XdpException($"mapping {options.FileBytes >> 20} MiB of packet memory", errno);
        }

        // Pinned pages would be copied early by a fork: children never need packet memory.
        Sys.Advise(slot, options.FileBytes, LibC.MADV_DONTFORK);
        return new Umem(number, descriptor, options);
    }

    /// <summary>Takes a free chunk, with one reference; false when none is left.</summary>
    public bool TryTake(out FrameAddress frame)
    {
        if (_freeCount == 0)
        {
            frame = default;
            return false;
        }

        uint index = _free[--_freeCount];
        ref FrameEntry entry = ref _table[index];
        entry.Owner = FrameOwner.Batch;
        entry.References = 1;
        entry.Next = 0;
        frame = FrameAddress.At(Number, index * (uint)ChunkBytes);
        return true;
    }

    /// <summary>
    /// Posts up to so many free chunks; each row says so before its slot is written. Returns how many there were. The caller
    /// publishes.
    /// </summary>
    /// <param name="fill">Ring with room for that many.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="port">Port that posts them.</param>
    /// <param name="queue">Queue of the port.</param>
    public int Post(FillRing fill, int count, ushort port, ushort queue)
    {
        count = Math.Min(count, _freeCount);
        uint* free = _free + _freeCount;
        FrameEntry* table = _table;
        uint chunkBytes = (uint)ChunkBytes;
        uint index = fill.NextIndex;
        ulong* addresses = fill.Addresses;
        uint mask = fill.Mask;
        // SAFETY: count is at most what the free list holds; its entries are indices of the table.
        for (int n = 0; n < count; n++, index++)
        {
            uint chunk = *--free;
            FrameEntry.WritePosted(ref table[chunk], port, queue, index);
            addresses[index & mask] = chunk * chunkBytes;
        }

        _freeCount -= count;
        fill.Added(count);
        return count;
    }

    /// <summary>Begins a loop that gives up references, with what it needs in registers; <see cref="EndRelease"/> ends it.</summary>
    internal Releaser BeginRelease() => new(_table, _free, _inverse, _freeCount);

    /// <summary>Takes over what the loop has freed.</summary>
    internal void EndRelease(in Releaser releaser) => _freeCount = releaser.FreeCount;

    /// <summary>Gives up references to chunks one after the other.</summary>
    internal ref struct Releaser(FrameEntry* table, uint* free, ulong inverse, int freeCount)
    {
        public int FreeCount = freeCount;

        /// <summary>Gives up one reference; the address is one of the chunk's, as TX descriptors have it in their low half.</summary>
        // perf: once for each packet sent (./fp bench memory).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Release(uint address)
        {
            // SAFETY: the address was given to a TX ring, so it lies inside the chunks; the free list has room for all of them.
            uint index = (uint)((address * inverse) >> 43);
            FrameEntry* row = table + index;
            byte references = row->References;
            if (references == 1)
            {
                FrameEntry.WriteFree(ref *row);
                free[FreeCount++] = index;
                return;
            }

            Invariant.Require(references != 0, "a chunk is freed once");
            row->References = (byte)(references - 1);
        }
    }

    internal FrameEntry* Table => _table;

    internal ulong Inverse => _inverse;

    /// <summary>Gives up one reference to a chunk; the last one frees it.</summary>
    public void Release(FrameAddress chunk)
    {
        uint index = IndexOf(chunk);
        ref FrameEntry entry = ref _table[index];
        Invariant.Require(entry.References != 0, "a chunk is freed once");
        if (--entry.References != 0)
            return;

        FrameEntry.WriteFree(ref entry);
        _free[_freeCount++] = index;
    }

    /// <summary>Gives up one reference to every chunk of a packet.</summary>
    public void ReleasePacket(FrameAddress head)
    {
        uint next = Entry(head).Next;
        Release(head);
        while (next != 0)
        {
            FrameAddress chunk = At(next - 1);
            next = Entry(chunk).Next;
            Release(chunk);
        }
    }

    /// <summary>The chunk's row of the side table.</summary>
    // perf: read or written four times for each packet (Benchmarks: GraphBenchmark).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref FrameEntry Entry(FrameAddress chunk) => ref _table[IndexOf(chunk)];

    /// <summary>The row at an index, 0 to <see cref="ChunkCount"/> - 1.</summary>
    public ref FrameEntry EntryAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)ChunkCount);
        return ref _table[index];
    }

    /// <summary>The chunk with that index.</summary>
    public FrameAddress At(uint index) => FrameAddress.At(Number, index * (uint)ChunkBytes);

    /// <summary>Index of the chunk that holds the address; the caller guarantees that it is one of this UMEM.</summary>
    // perf: multiply and shift instead of a division by a variable.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint IndexOf(FrameAddress chunk) => (uint)((chunk.Offset * _inverse) >> 43);

    /// <summary>The bytes of one chunk.</summary>
    public Span<byte> Bytes(FrameAddress chunk, int offset, int length)
    {
        Invariant.Require((ulong)(uint)offset + (uint)length <= (ulong)ChunkBytes, "a span stays in its chunk");
        // SAFETY: the chunk belongs to this mapping and the span was checked to end inside it.
        return MemoryMarshal.CreateSpan(ref FrameSpace.At(chunk, offset), length);
    }

    /// <summary>Marks a chunk that an adopted ring or queue does not hold any more as free.</summary>
    public void Reclaim(int index)
    {
        ref FrameEntry entry = ref EntryAt(index);
        entry.Owner = FrameOwner.Free;
        entry.References = 0;
        entry.Next = 0;
    }

    /// <summary>Makes the free list anew from the side table.</summary>
    public void RebuildFreeList()
    {
        _freeCount = 0;
        for (int index = ChunkCount - 1; index >= 0; index--)
            if (_table[index].Owner == FrameOwner.Free)
                _free[_freeCount++] = (uint)index;
    }

    /// <summary>Chunks by owner, counted from the side table; what conservation checks compare with.</summary>
    public void Count(Span<int> byOwner)
    {
        byOwner.Clear();
        for (int index = 0; index < ChunkCount; index++)
            byOwner[(int)_table[index].Owner]++;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        FrameSpace.Release(Number);
        NativeMemory.AlignedFree(_free);
        Sys.Close(Descriptor);
    }

    internal byte* ChunkArea => _chunks;
}
