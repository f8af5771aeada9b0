using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>
/// Ethernet, IPv4 without options and the ports behind it, laid over the start of a frame to find its flow.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FlowHeaders
{
    public const int Size = EthernetHeader.Size + Ipv4Header.Size + 4;

    private const ushort FragmentMask = 0x3FFF;

    private EthernetHeader _ethernet;
    private Ipv4Header _ip;

    /// <summary>Source and destination port.</summary>
    public U32Be Ports;

    public readonly Ip4Address Source => _ip.Source;

    public readonly Ip4Address Destination => _ip.Destination;

    public readonly IpProtocol Protocol => _ip.Protocol;

    /// <summary>Whether it is IPv4 without options, not a fragment, and of a protocol with ports.</summary>
    public readonly bool IsPlainIp4 =>
        _ethernet.Type == EtherType.Ip4 && _ip.VersionAndIhl == Ipv4Header.PlainVersionAndIhl
        && (_ip.FlagsAndFragmentOffset & FragmentMask) == 0 && (_ip.Protocol is IpProtocol.Udp or IpProtocol.Tcp);
}
