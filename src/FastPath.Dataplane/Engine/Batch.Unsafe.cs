using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Up to 64 packets that entered together and walk the graph together. Each packet given to a node leaves it by exactly
/// one of <see cref="Send"/>, <see cref="NextFeature"/>, <see cref="Drop"/>, <see cref="Consume"/>, <see cref="Hold"/>,
/// <see cref="HandOver"/> or <see cref="Transmit"/>; the engine compares after every node.
/// </summary>
[PerWorker]
public sealed unsafe class Batch : IDisposable
{
    public const int Capacity = Limits.BatchPackets;

    private const uint SlotMask = Capacity - 1;

    private readonly CounterBlock _counters;
    private Packet* _packets;
    private ulong* _waiting;
    private ulong* _ready;
    private int _node;
    private ulong _left;
    private ulong _entered;
    private ulong _freed;
    private ulong _gone;

    internal Batch(CounterBlock counters)
    {
        _counters = counters;
        _packets = (Packet*)Allocate(Capacity * sizeof(Packet));
        _waiting = (ulong*)Allocate(Limits.NodesMax * sizeof(ulong));
        _ready = (ulong*)Allocate(Limits.NodesMax / 64 * sizeof(ulong));
    }

    /// <summary>Steps of the feature chains of this generation (<see cref="FeatureChains"/>).</summary>
    internal Edge[] FeatureSteps { get; set; } = FeatureChains.Empty.Steps;

    /// <summary>The packet in a slot, 0..63.</summary>
    // SAFETY: the mask keeps the reference inside the array whatever the caller passes.
    public ref Packet this[int slot] => ref _packets[(uint)slot & SlotMask];

    /// <summary>The slots as memory, for the loops of ports; 64 of them.</summary>
    internal Packet* Slots => _packets;

    /// <summary>Those of the packets that leave by one port.</summary>
    internal PacketSet WithTxPort(PacketSet packets, ushort number)
    {
        ulong with = 0;
        for (ulong left = packets.Bits; left != 0; left &= left - 1)
        {
            int slot = System.Numerics.BitOperations.TrailingZeroCount(left);
            if (_packets[slot].TxPort == number)
                with |= 1UL << slot;
        }

        return new PacketSet(with);
    }

    /// <summary>The bytes of the packet in its first chunk, from the outermost header still in place.</summary>
    public Span<byte> Bytes(int slot)
    {
        ref Packet packet = ref this[slot];
        int inChunk = Math.Min(packet.Length, Limits.ChunkPayloadMin - packet.Offset + Limits.Headroom);
        // SAFETY: Offset + inChunk is at most 256 + ChunkPayloadMin, which every chunk size holds.
        return MemoryMarshal.CreateSpan(ref FrameSpace.At(packet.Frame, packet.Offset), inChunk);
    }

    /// <summary>
    /// A header at an offset from the chunk's start. The caller has compared the packet's length with the header's end;
    /// headers lie in the first <see cref="Limits.ChunkPayloadMin"/> bytes, which one chunk always holds.
    /// </summary>
    // perf: every node reads headers this way (Benchmarks: GraphBenchmark).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Header<T>(int slot, int offset) where T : unmanaged
    {
        Debug.Assert(offset >= 0 && offset + sizeof(T) <= Limits.Headroom + Limits.ChunkPayloadMin, "inside the chunk");
        return ref Unsafe.As<byte, T>(ref FrameSpace.At(this[slot].Frame, offset));
    }

    /// <summary>
    /// Puts bytes in front of the packet, into the chunk's headroom; they hold what was there before.
    /// </summary>
    public void Prepend(int slot, int bytes)
    {
        ref Packet packet = ref this[slot];
        Debug.Assert(packet.Offset >= bytes + Limits.TransmitMetadata, "headroom");
        Debug.Assert(packet.Length + bytes <= ushort.MaxValue, "length is 16 bits");
        packet.Offset -= (ushort)bytes;
        packet.Length += (ushort)bytes;
    }

    /// <summary>Puts an Ethernet header in front of the packet's network header, with which it begins.</summary>
    // perf: once for each routed packet that took the long way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Prepend<T>(ref Packet packet, ref T network, in RewriteEntry header) where T : unmanaged
    {
        Debug.Assert(packet.Offset >= EthernetHeader.Size + Limits.TransmitMetadata, "headroom");
        // SAFETY: Offset and Length are neighbors, and Offset is not below 14: one addition moves both.
        Unsafe.As<ushort, uint>(ref packet.Offset) += (EthernetHeader.Size << 16) - EthernetHeader.Size;
        WriteEthernet(ref network, header);
    }

    /// <summary>Writes an Ethernet header into the 14 bytes before a network header: two overlapping stores.</summary>
    // SAFETY: they are headroom of the chunk, or the header that the packet came with.
    // perf: once for each routed packet (./fp bench memory ip4).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void WriteEthernet<T>(ref T network, in RewriteEntry header) where T : unmanaged
    {
        ref byte front = ref Unsafe.Subtract(ref Unsafe.As<T, byte>(ref network), EthernetHeader.Size);
        Unsafe.WriteUnaligned(ref front, header.First);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref front, 6), header.Last);
    }

    /// <summary>Takes bytes off the front.</summary>
    public void TrimFront(int slot, int bytes)
    {
        ref Packet packet = ref this[slot];
        Debug.Assert(packet.Length >= bytes, "not more than there is");
        packet.Offset += (ushort)bytes;
        packet.Length -= (ushort)bytes;
    }

    /// <summary>Sends one packet along an edge.</summary>
    public void Send(int slot, Edge edge) => SendAll(PacketSet.Of(slot), edge);

    /// <summary>Sends packets along an edge; nothing happens for an empty set.</summary>
    public void SendAll(PacketSet packets, Edge edge)
    {
        _left ^= packets.Bits;
        _waiting[edge.Target] |= packets.Bits;
        // Set also for an empty set: Next skips a node without packets, and this stays free of branches.
        _ready[edge.Target >> 6] |= 1UL << (edge.Target & 63);
    }

    /// <summary>Sends one packet back in the graph; one that went back too often is dropped.</summary>
    public void SendBack(int slot, Edge edge)
    {
        if (++this[slot].Depth > Limits.DepthMax)
            Drop(slot, DropReason.TooDeep);
        else
            Send(slot, edge);
    }

    /// <summary>Sends a packet to the first feature of a chain.</summary>
    public void StartFeatures(int slot, byte chain)
    {
        this[slot].Feature = chain;
        Send(slot, FeatureSteps[chain]);
    }

    /// <summary>Sends a packet to the next feature of the chain it is on, or to where the arc ends.</summary>
    public void NextFeature(int slot) => Send(slot, FeatureSteps[++this[slot].Feature]);

    /// <summary>Ends a packet that is not forwarded, counted under its node and reason.</summary>
    public void Drop(int slot, DropReason reason)
    {
        ulong bit = 1UL << slot;
        _left ^= bit;
        _freed |= bit;
        _counters.Drops(_node, reason)++;
        _counters[Counter.Dropped]++;
    }

    /// <summary>Ends a packet that FastPath has taken in.</summary>
    public void Consume(int slot)
    {
        ulong bit = 1UL << slot;
        _left ^= bit;
        _freed |= bit;
        _counters[Counter.Consumed]++;
    }

    /// <summary>Ends the packet here; its frame has moved to a hold queue.</summary>
    public void Hold(int slot)
    {
        Leave(1UL << slot);
        _counters[Counter.Held]++;
    }

    /// <summary>Ends the packet here; it is on its way to another worker.</summary>
    public void HandOver(int slot)
    {
        Leave(1UL << slot);
        _counters[Counter.HandedOut]++;
    }

    /// <summary>Ends packets whose frames have moved to transmit queues. Only port-output does this.</summary>
    internal void Transmit(PacketSet packets)
    {
        Leave(packets.Bits);
        _counters[Counter.Sent] += (ulong)packets.Count;
    }

    /// <summary>Puts received or re-entering packets in front of a node.</summary>
    internal void Enter(PacketSet packets, Edge edge)
    {
        _entered |= packets.Bits;
        _waiting[edge.Target] |= packets.Bits;
        _ready[edge.Target >> 6] |= 1UL << (edge.Target & 63);
    }

    /// <summary>The lowest-numbered node with packets, and those packets; -1 when all have left.</summary>
    internal int Next(out PacketSet packets)
    {
        for (int word = 0; word < Limits.NodesMax / 64; word++)
        {
            while (_ready[word] != 0)
            {
                int node = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(_ready[word]);
                _ready[word] &= _ready[word] - 1;
                packets = new PacketSet(_waiting[node]);
                if (packets.IsEmpty)
                    continue;
                _waiting[node] = 0;
                _node = node;
                _left = 0;
                return node;
            }
        }

        packets = default;
        return -1;
    }

    /// <summary>Checks that every packet left the node, once.</summary>
    internal void End(PacketSet packets) => Invariant.Require(_left == packets.Bits, "each packet leaves a node once");

    /// <summary>
    /// Ends the batch: the slots whose frames go back to their UMEM. Every packet that entered has ended.
    /// </summary>
    internal PacketSet Finish()
    {
        Invariant.Require((_freed | _gone) == _entered && (_freed & _gone) == 0, "each packet of a batch ends once");
        PacketSet freed = new(_freed);
        _entered = 0;
        _freed = 0;
        _gone = 0;
        return freed;
    }

    /// <summary>After a fault in a node: drops, under that node, everything that has not ended.</summary>
    internal void DropRest(DropReason reason)
    {
        new Span<ulong>(_waiting, Limits.NodesMax).Clear();
        new Span<ulong>(_ready, Limits.NodesMax / 64).Clear();
        foreach (int slot in new PacketSet(_entered & ~(_freed | _gone)))
            Drop(slot, reason);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_packets);
        NativeMemory.AlignedFree(_waiting);
        NativeMemory.AlignedFree(_ready);
        _packets = null;
        _waiting = null;
        _ready = null;
    }

    private void Leave(ulong bits)
    {
        _left ^= bits;
        _gone |= bits;
    }

    private static void* Allocate(int bytes)
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, 128);
        NativeMemory.Clear(memory, (nuint)bytes);
        return memory;
    }
}
