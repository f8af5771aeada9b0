using System;
using System.Net;
using CsCheck;
using FastPath.Xdp.Interop;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Tests.Xdp.Netlink;

public sealed class NetlinkWriterTests
{
    [Fact]
    public void Nested_attributes_say_the_length_of_all_they_hold()
    {
        NetlinkWriter request = new(NetlinkAbi.RTM_NEWLINK, NetlinkAbi.NLM_F_REQUEST);
        request.Struct(new IfInfoMsg { Index = 3 });
        NetlinkWriter.Nest outer = request.Open(NetlinkAbi.IFLA_LINKINFO);
        request.Text(NetlinkAbi.IFLA_INFO_KIND, "veth");
        NetlinkWriter.Nest inner = request.Open(NetlinkAbi.IFLA_INFO_DATA);
        request.Int32(NetlinkAbi.VETH_INFO_PEER, 5);
        request.Close(inner);
        request.Close(outer);
        ReadOnlySpan<byte> bytes = request.Finish(sequence: 42);

        NetlinkReader reader = new(bytes);
        Assert.True(reader.MoveNext());
        Assert.Equal(42u, reader.Header.Sequence);
        AttributeReader attributes = AttributeReader.Behind(reader.Payload, out IfInfoMsg header);
        Assert.Equal(3, header.Index);
        Assert.True(attributes.MoveNext());
        AttributeReader info = attributes.Nested();
        Assert.True(info.MoveNext());
        Assert.Equal("veth", info.Text());
        Assert.True(info.MoveNext());
        AttributeReader data = info.Nested();
        Assert.True(data.MoveNext());
        Assert.Equal(5, data.Int32());
        Assert.False(data.MoveNext());
        Assert.False(info.MoveNext());
        Assert.False(attributes.MoveNext());
        Assert.False(reader.MoveNext());
    }

    [Fact]
    public void What_is_written_reads_the_same() =>
        Gen.Select(Gen.Byte.Array[0, 700], Gen.ULong[0, 0xFFFF_FFFF_FFFF], Gen.Byte.Array[4]).Sample((blob, mac, ip) =>
        {
            NetlinkWriter request = new NetlinkWriter(NetlinkAbi.RTM_NEWNEIGH, 0).Struct(new NdMsg { Index = 8 })
                .Bytes(99, blob).Mac(NetlinkAbi.NDA_LLADDR, mac).Address(NetlinkAbi.NDA_DST, new IPAddress(ip));
            NetlinkReader reader = new(request.Finish(1));
            Assert.True(reader.MoveNext());
            AttributeReader attributes = AttributeReader.Behind(reader.Payload, out NdMsg _);
            Assert.True(attributes.MoveNext());
            Assert.Equal(blob, attributes.Value.ToArray());
            Assert.True(attributes.MoveNext());
            Assert.Equal(mac, attributes.Mac());
            Assert.True(attributes.MoveNext());
            Assert.Equal(ip, attributes.Address(NetlinkAbi.AF_INET).GetAddressBytes());
            Assert.False(attributes.MoveNext());
        }, iter: 500);

    [Fact]
    public void An_attribute_beyond_64_KiB_is_refused_and_not_cut() =>
        Assert.Throws<OverflowException>(() => new NetlinkWriter(16, 0).Bytes(1, new byte[70_000]));
}
