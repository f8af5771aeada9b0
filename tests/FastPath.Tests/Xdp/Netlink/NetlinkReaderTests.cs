using System;
using System.Linq;
using CsCheck;
using FastPath.Xdp.Interop;
using FastPath.Xdp.Netlink;
using Xunit;
using static FastPath.Tests.Xdp.Netlink.NetlinkBytesOf;

namespace FastPath.Tests.Xdp.Netlink;

public sealed class NetlinkReaderTests
{
    [Fact]
    public void Messages_of_a_datagram_come_one_after_the_other()
    {
        byte[] datagram = [.. Message(16, 2, [1, 2, 3]), .. Message(17, 0, [4])];
        NetlinkReader reader = new(datagram);
        Assert.True(reader.MoveNext());
        Assert.Equal(16, reader.Header.Type);
        Assert.Equal([1, 2, 3], reader.Payload.ToArray());
        Assert.True(reader.MoveNext());
        Assert.Equal(17, reader.Header.Type);
        Assert.Equal([4], reader.Payload.ToArray());
        Assert.False(reader.MoveNext());
    }

    [Theory]
    [InlineData(15)] // less than its own header
    [InlineData(0)] // would never end
    [InlineData(21)] // one byte more than there is
    [InlineData(-1)]
    public void A_message_that_lies_about_its_length_is_refused(int says) =>
        Assert.Throws<NetlinkFormatException>(() =>
        {
            NetlinkReader reader = new(Message(16, 0, [1, 2, 3, 4], says));
            while (reader.MoveNext())
            {
            }
        });

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(0xFFFF)]
    public void An_attribute_that_lies_about_its_length_is_refused(int says) =>
        Assert.Throws<NetlinkFormatException>(() => KernelLink.Parse(Link(1, 0, Attribute(4, [1, 2, 3, 4], says))));

    [Fact]
    public void Bytes_too_few_for_an_attribute_are_refused() =>
        Assert.Throws<NetlinkFormatException>(() => KernelLink.Parse([.. Link(1, 0), 1, 2]));

    [Fact]
    public void A_link_is_read_from_its_attributes()
    {
        KernelLink link = KernelLink.Parse(Link(9, flags: 1,
            Attribute(NetlinkAbi.IFLA_IFNAME, "port-a\0"u8.ToArray()),
            Attribute(NetlinkAbi.IFLA_ADDRESS, [2, 0, 0, 0, 0, 9]),
            Attribute(NetlinkAbi.IFLA_MTU, BitConverter.GetBytes(1500)),
            Attribute(NetlinkAbi.IFLA_CARRIER, [1]),
            Attribute(NetlinkAbi.IFLA_LINKINFO | 0x8000, Attribute(NetlinkAbi.IFLA_INFO_KIND, "veth"u8.ToArray())),
            Attribute(0x3FFF, [1, 2, 3]))); // of a kernel to come
        Assert.Equal(
            new KernelLink
            {
                Index = 9,
                Name = "port-a",
                Mac = 0x02_00_00_00_00_09,
                Mtu = 1500,
                HasCarrier = true,
                IsAdminUp = true,
                Kind = "veth",
            },
            link);
    }

    [Theory]
    [InlineData(NetlinkAbi.AF_INET, 32, 4, true)]
    [InlineData(NetlinkAbi.AF_INET, 33, 4, false)]
    [InlineData(NetlinkAbi.AF_INET, 24, 16, false)]
    [InlineData(NetlinkAbi.AF_INET6, 128, 16, true)]
    [InlineData(NetlinkAbi.AF_INET6, 129, 16, false)]
    [InlineData(NetlinkAbi.AF_INET6, 64, 4, false)]
    public void Addresses_and_prefixes_fit_the_family_or_are_refused(byte family, byte prefix, int bytes, bool fits)
    {
        byte[] address = [family, prefix, 0, 0, 3, 0, 0, 0, .. Attribute(NetlinkAbi.IFA_ADDRESS, new byte[bytes])];
        byte[] route = [family, prefix, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0,
            .. Attribute(NetlinkAbi.RTA_DST, new byte[bytes])];
        if (fits)
        {
            Assert.Equal(prefix, KernelAddress.Parse(address)!.PrefixLength);
            Assert.Equal(prefix, KernelRoute.Parse(route)!.PrefixLength);
            return;
        }

        Assert.Throws<NetlinkFormatException>(() => KernelAddress.Parse(address));
        Assert.Throws<NetlinkFormatException>(() => KernelRoute.Parse(route));
    }

    [Fact]
    public void A_size_without_limit_is_the_largest_int() =>
        Assert.Equal(int.MaxValue, KernelLink.Parse(
            Link(1, 0, Attribute(NetlinkAbi.IFLA_MAX_MTU, [0xFF, 0xFF, 0xFF, 0xFF]))).MaxMtu);

    [Fact]
    public void A_bridge_port_that_leaves_its_bridge_is_not_a_link_that_is_gone()
    {
        const byte AF_BRIDGE = 7;
        byte[] payload = Link(9, flags: 1, Attribute(NetlinkAbi.IFLA_IFNAME, "port-a\0"u8.ToArray()));
        Assert.IsType<LinkRemoved>(RtnetlinkMonitor.EventOf(NetlinkAbi.RTM_DELLINK, payload));
        payload[0] = AF_BRIDGE;
        Assert.Null(RtnetlinkMonitor.EventOf(NetlinkAbi.RTM_DELLINK, payload));
    }

    [Fact]
    public void An_error_carries_the_kernels_words_behind_the_quoted_request()
    {
        byte[] text = Attribute(NetlinkAbi.NLMSGERR_ATTR_MSG, "no such thing\0"u8.ToArray());
        byte[] request = Message(16, 5, [1, 2, 3, 4]);
        NlMsgHdr header = new() { Type = NetlinkAbi.NLMSG_ERROR, Flags = NetlinkAbi.NLM_F_ACK_TLVS };
        byte[] quoted = [.. BitConverter.GetBytes(-22), .. request, .. text];
        Assert.Equal(new NetlinkSocket.Answer(22, "no such thing", false), NetlinkSocket.Answer.Read(header, quoted));

        header.Flags |= NetlinkAbi.NLM_F_CAPPED;
        byte[] capped = [.. BitConverter.GetBytes(-22), .. request[..16], .. text];
        Assert.Equal(new NetlinkSocket.Answer(22, "no such thing", false), NetlinkSocket.Answer.Read(header, capped));
    }

    [Fact]
    public void A_positive_error_number_is_refused() =>
        Assert.Throws<NetlinkFormatException>(() => NetlinkSocket.Answer.Read(
            new NlMsgHdr { Type = NetlinkAbi.NLMSG_ERROR }, [.. BitConverter.GetBytes(1), .. new byte[16]]));

    /// <summary>Plain noise, and messages that are nearly right: cut, with wrong lengths, with any type.</summary>
    private static readonly Gen<byte[]> s_nearly =
        from attributes in Gen.Select(Gen.Int[0, 60], Gen.Byte.Array[0, 24], Gen.Int[-6, 6]).Array[0, 8]
        from head in Gen.Byte.Array[8, 16]
        from cut in Gen.Int[0, 12]
        select Cut([.. head, .. attributes.SelectMany(a => Attribute(a.Item1, a.Item2, Says(a.Item2, a.Item3)))], cut);

    private static readonly Gen<byte[]> s_bytes = Gen.OneOf(Gen.Byte.Array[0, 200], s_nearly);

    [Fact]
    public void Whatever_the_bytes_are_they_are_read_or_refused_and_only_they_matter()
    {
        ushort[] types =
        [
            NetlinkAbi.RTM_NEWLINK, NetlinkAbi.RTM_DELLINK, NetlinkAbi.RTM_NEWADDR, NetlinkAbi.RTM_DELADDR,
            NetlinkAbi.RTM_NEWROUTE, NetlinkAbi.RTM_DELROUTE, NetlinkAbi.RTM_NEWNEIGH, NetlinkAbi.RTM_DELNEIGH,
            NetlinkAbi.NLMSG_ERROR, NetlinkAbi.NLMSG_DONE,
        ];
        Gen<ushort> anyType = Gen.Int[0, types.Length - 1].Select(index => types[index]);
        Gen.Select(anyType, Gen.UShort, Gen.Bool, s_bytes).Sample((type, flags, family4, bytes) =>
        {
            if (bytes.Length != 0)
                bytes[0] = family4 ? NetlinkAbi.AF_INET : (byte)(bytes[0] & 0x0B); // mostly families we read
            // A read outside the span would see the surroundings, and the two results would differ.
            Assert.Equal(ReadIn(0x00, type, flags, bytes), ReadIn(0xFF, type, flags, bytes));
        }, iter: 20_000);
    }

    [Fact]
    public void Whatever_a_datagram_is_its_messages_end()
    {
        Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[-20, 80], s_bytes).Sample((noise, says, payload) =>
        {
            byte[] datagram = [.. Message(16, 0, payload, 16 + says), .. noise];
            int bytes = 0;
            try
            {
                NetlinkReader reader = new(datagram);
                while (reader.MoveNext())
                    bytes += 16 + reader.Payload.Length;
            }
            catch (NetlinkFormatException)
            {
                // refused is fine
            }

            Assert.InRange(bytes, 0, datagram.Length);
        }, iter: 20_000);
    }

    private static int Says(byte[] value, int lie) => Math.Max(0, 4 + value.Length + (Math.Abs(lie) == 6 ? lie : 0));

    private static byte[] Cut(byte[] bytes, int cut) => bytes[..Math.Max(0, bytes.Length - (cut > 8 ? cut : 0))];

    /// <summary>What a message with these bytes means, when the memory around is full of one value.</summary>
    private static string ReadIn(byte around, ushort type, ushort flags, byte[] bytes)
    {
        const int Margin = 64;
        byte[] memory = new byte[bytes.Length + 2 * Margin];
        memory.AsSpan().Fill(around);
        bytes.CopyTo(memory, Margin);
        ReadOnlySpan<byte> payload = memory.AsSpan(Margin, bytes.Length);
        try
        {
            return type is NetlinkAbi.NLMSG_ERROR or NetlinkAbi.NLMSG_DONE
                ? NetlinkSocket.Answer.Read(new NlMsgHdr { Type = type, Flags = flags }, payload).ToString()
                : RtnetlinkMonitor.EventOf(type, payload)?.ToString() ?? "nothing";
        }
        catch (NetlinkFormatException e)
        {
            return e.Message;
        }
    }
}
