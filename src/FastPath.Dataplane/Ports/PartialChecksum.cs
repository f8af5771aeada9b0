using FastPath.Dataplane.Engine;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// Checksums that a sender left to the device: the L4 field holds only the pseudo-header's sum (decision 0009). Toward a
/// veth they stay so, by TX metadata; elsewhere they are completed.
/// </summary>
[PerWorker]
internal static class PartialChecksum
{
    public static bool TryOffload(in StagedPacket packet, bool metadata) => metadata && packet.ChecksumStart == 0 && packet.Flags == PacketFlags.None;
}
