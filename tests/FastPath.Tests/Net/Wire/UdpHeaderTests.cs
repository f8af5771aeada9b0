using System.Net;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class UdpHeaderTests
{
    [Fact]
    public void Reads_what_another_library_writes_and_agrees_about_the_checksum() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.Byte.Array[0, 200], Gen.UInt).Sample((from, to, payload, address) =>
        {
            Ip4Address source = new(address), destination = new(~address);
            UdpPacket theirs = new(from, to) { PayloadData = payload };
            IPv4Packet around = new(IPAddress.Parse(source.ToString()),
                IPAddress.Parse(destination.ToString()))
            { PayloadPacket = theirs };
            theirs.UpdateUdpChecksum();
            byte[] bytes = theirs.Bytes;
            UdpHeader ours = Wire.Read<UdpHeader>(bytes);
            Assert.Equal((from, to), ((ushort)ours.SourcePort, (ushort)ours.DestinationPort));
            Assert.Equal(UdpHeader.Size + payload.Length, (int)ours.Length);
            ushort pseudo = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Udp, bytes.Length);
            Assert.Equal(0xFFFF, InternetChecksum.Add(pseudo, InternetChecksum.Sum(bytes)));
            Assert.NotNull(around.PayloadPacket);
        });

    [Fact]
    public void The_checksum_lies_where_the_constant_says()
    {
        UdpHeader header = new() { Checksum = 0x1234 };
        Assert.Equal([0x12, 0x34], Wire.Bytes(ref header).Slice(UdpHeader.ChecksumOffset, 2).ToArray());
    }
}
