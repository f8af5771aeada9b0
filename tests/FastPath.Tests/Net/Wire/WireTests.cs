using System;
using System.Runtime.CompilerServices;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class WireTests
{
    [Fact]
    public void A_header_is_a_view_of_the_bytes_wherever_they_start()
    {
        for (int at = 0; at < 8; at++)
        {
            byte[] bytes = new byte[32];
            ref UdpHeader header = ref Wire.Header<UdpHeader>(bytes.AsSpan(at));
            header.SourcePort = 0x1234;
            Assert.Equal([0x12, 0x34], bytes.AsSpan(at, 2).ToArray());
            Assert.Equal(0x1234, Wire.Read<UdpHeader>(bytes.AsSpan(at)).SourcePort);
        }
    }

    [Fact]
    public void Bytes_that_are_too_few_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Wire.Header<UdpHeader>(new byte[7]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Wire.Read<UdpHeader>(new byte[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wire.Read<UdpHeader>([]));
    }

    [Fact]
    public void The_bytes_of_a_header_are_the_header()
    {
        MacAddress mac = MacAddress.Parse("02:00:5e:10:00:01");
        Wire.Bytes(ref mac)[5] = 0xFF;
        Assert.Equal("02:00:5e:10:00:ff", mac.ToString());
    }

    /// <summary>A struct that the compiler padded would shift every field behind the hole.</summary>
    [Fact]
    public void Structs_are_as_long_as_the_headers_in_the_RFCs()
    {
        Assert.Equal(EthernetHeader.Size, Unsafe.SizeOf<EthernetHeader>());
        Assert.Equal(VlanTag.Size, Unsafe.SizeOf<VlanTag>());
        Assert.Equal(ArpPacket.Size, Unsafe.SizeOf<ArpPacket>());
        Assert.Equal(Ipv4Header.Size, Unsafe.SizeOf<Ipv4Header>());
        Assert.Equal(Ipv6Header.Size, Unsafe.SizeOf<Ipv6Header>());
        Assert.Equal(IcmpHeader.Size, Unsafe.SizeOf<IcmpHeader>());
        Assert.Equal(NdMessage.Size, Unsafe.SizeOf<NdMessage>());
        Assert.Equal(NdLinkLayerOption.Size, Unsafe.SizeOf<NdLinkLayerOption>());
        Assert.Equal(UdpHeader.Size, Unsafe.SizeOf<UdpHeader>());
        Assert.Equal(TcpHeader.Size, Unsafe.SizeOf<TcpHeader>());
        Assert.Equal(VxlanHeader.Size, Unsafe.SizeOf<VxlanHeader>());
        Assert.Equal(6, Unsafe.SizeOf<MacAddress>());
        Assert.Equal(4, Unsafe.SizeOf<Ip4Address>());
        Assert.Equal(16, Unsafe.SizeOf<Ip6Address>());
    }
}
