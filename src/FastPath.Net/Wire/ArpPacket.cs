using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>ARP for Ethernet and IPv4 (RFC 826).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ArpPacket
{
    public const int Size = 28;
    public const ushort Request = 1;
    public const ushort Reply = 2;

    private U16Be _hardwareType;
    private U16Be _protocolType;
    private byte _hardwareLength;
    private byte _protocolLength;
    public U16Be Operation;
    public MacAddress SenderMac;
    public Ip4Address SenderIp;
    public MacAddress TargetMac;
    public Ip4Address TargetIp;

    /// <summary>Whether it speaks of Ethernet and IPv4, asks or answers, and comes from one station.</summary>
    public readonly bool IsValid =>
        _hardwareType == 1 && _protocolType == (ushort)EtherType.Ip4 && _hardwareLength == 6 && _protocolLength == 4
        && (Operation == Request || Operation == Reply) && !SenderMac.IsGroup;

    public static ArpPacket Of(ushort operation, MacAddress senderMac, Ip4Address senderIp, MacAddress targetMac,
        Ip4Address targetIp) =>
        new()
        {
            _hardwareType = 1,
            _protocolType = (ushort)EtherType.Ip4,
            _hardwareLength = 6,
            _protocolLength = 4,
            Operation = operation,
            SenderMac = senderMac,
            SenderIp = senderIp,
            TargetMac = targetMac,
            TargetIp = targetIp,
        };
}
