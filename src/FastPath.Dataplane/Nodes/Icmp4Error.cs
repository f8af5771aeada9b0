using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Tells senders why their IPv4 packet was not forwarded (RFC 792, RFC 1812 section 4.3), and drops the packet under
/// that reason. Rate-limited; no error about errors, later fragments, groups or broadcasts (RFC 1122 section 3.2.2).
///
/// In:    Offset at the IPv4 header; Adjacency is a packed <see cref="IcmpErrorCode"/>, TooBigMtu the MTU of a too-big.
/// Out:   a message of FastPath's own enters ip4-lookup in the next batch.
/// Drops: the reason in Adjacency, always.
/// </summary>
[NodeName("icmp4-error")]
public sealed class Icmp4Error(NodeBuilder build) : Node(build)
{
    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            IcmpErrorCode error = IcmpErrorCode.Unpack(batch[slot].Adjacency);
            if (MayAnswer(batch, slot) && SourceFor(worker, batch[slot].RxPort) is { IsUnspecified: false } source)
                Send(worker, batch, slot, error, source);
            batch.Drop(slot, error.Reason);
        }
    }

    private static bool MayAnswer(Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        if ((packet.Flags & (PacketFlags.LinkMulticast | PacketFlags.Originated)) != 0 || packet.L4Offset == 0)
            return false;
        ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, packet.L3Offset);
        if (header.Destination.IsMulticast || header.Destination.IsLimitedBroadcast)
            return false;
        int payload = packet.Length - (packet.L4Offset - packet.L3Offset);
        return header.Protocol != IpProtocol.Icmp
            || (payload >= IcmpHeader.Size && !Icmp4.IsError(batch.Header<IcmpHeader>(slot, packet.L4Offset).Type));
    }

    /// <summary>The address of the interface the packet came in by (RFC 1812 section 4.3.2.4).</summary>
    private static Ip4Address SourceFor(Worker worker, ushort port) => worker.Tables.Ports[port].SourceIp4;

    private static void Send(Worker worker, Batch batch, int slot, IcmpErrorCode error, Ip4Address source)
    {
        const int Overhead = Ipv4Header.Size + IcmpHeader.Size;
        if (!worker.MaySendIcmpError())
            return;
        Span<byte> original = batch.Bytes(slot);
        int quoted = Math.Min(original.Length, Limits.Icmp4ErrorBytes - Overhead);
        if (!worker.TryOriginate(Overhead + quoted, out Packet message))
            return;

        Span<byte> bytes = worker.Home.Bytes(message.Frame, message.Offset, message.Length);
        original[..quoted].CopyTo(bytes[Overhead..]);
        Ip4Address target = batch.Header<Ipv4Header>(slot, batch[slot].L3Offset).Source;
        WriteIcmp(bytes[Ipv4Header.Size..], error, mtu: error.Reason == DropReason.TooBig ? batch[slot].TooBigMtu : 0);
        OwnPacket.WriteHeader(bytes, source, target, IpProtocol.Icmp, Limits.OwnTimeToLive);
        message.L3Offset = message.Offset;
        message.L4Offset = (ushort)(message.Offset + Ipv4Header.Size);
        message.RxPort = batch[slot].RxPort;
        if (!worker.TryEnqueue(message, worker.Entries.Ip4Lookup))
            worker.DropHeld(message.Frame, DropReason.PendingFull);
    }

    private static void WriteIcmp(Span<byte> bytes, IcmpErrorCode error, uint mtu)
    {
        ref IcmpHeader icmp = ref Wire.Header<IcmpHeader>(bytes);
        icmp = new IcmpHeader { Type = error.Type, Code = error.Code, Rest = mtu };
        icmp.Checksum = InternetChecksum.Compute(bytes);
    }
}
