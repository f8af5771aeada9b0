using FastPath.Dataplane.Telemetry;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// What an ICMP error shall say, packed into <see cref="Packet.Adjacency"/> on its way to the error node.
/// </summary>
[Shared]
public readonly record struct IcmpErrorCode(DropReason Reason, byte Type, byte Code)
{
    public int Pack() => (int)Reason | (Type << 8) | (Code << 16);

    public static IcmpErrorCode Unpack(int value) =>
        new((DropReason)(byte)value, (byte)(value >> 8), (byte)(value >> 16));
}
