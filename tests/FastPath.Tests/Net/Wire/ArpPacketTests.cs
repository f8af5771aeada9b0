using System.Net;
using System.Net.NetworkInformation;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;
using ArpPacket = FastPath.Net.ArpPacket;
using TheirArpPacket = PacketDotNet.ArpPacket;

namespace FastPath.Tests.Net;

public sealed class ArpPacketTests
{
    private static readonly Gen<byte[]> s_station =
        Gen.Byte.Array[6].Select(mac => (byte[])[(byte)(mac[0] & 0xFE), .. mac[1..]]);

    [Fact]
    public void Reads_what_another_library_writes() =>
        Gen.Select(s_station, Gen.UInt, s_station, Gen.UInt, Gen.Bool).Sample((sha, spa, tha, tpa, isRequest) =>
        {
            Ip4Address sender = new(spa), target = new(tpa);
            TheirArpPacket theirs =
                new(isRequest ? ArpOperation.Request : ArpOperation.Response, new PhysicalAddress(tha),
                IPAddress.Parse(target.ToString()), new PhysicalAddress(sha), IPAddress.Parse(sender.ToString()));
            ArpPacket ours = Wire.Read<ArpPacket>(theirs.Bytes);
            Assert.True(ours.IsValid);
            Assert.Equal(isRequest ? ArpPacket.Request : ArpPacket.Reply, (ushort)ours.Operation);
            Assert.Equal((Wire.Read<MacAddress>(sha), sender), (ours.SenderMac, ours.SenderIp));
            Assert.Equal((Wire.Read<MacAddress>(tha), target), (ours.TargetMac, ours.TargetIp));
        });

    [Fact]
    public void Writes_what_another_library_writes() =>
        Gen.Select(s_station, Gen.UInt, s_station, Gen.UInt).Sample((sha, spa, tha, tpa) =>
        {
            Ip4Address sender = new(spa), target = new(tpa);
            ArpPacket ours = ArpPacket.Of(ArpPacket.Reply, Wire.Read<MacAddress>(sha), sender,
                Wire.Read<MacAddress>(tha), target);
            TheirArpPacket theirs =
                new(ArpOperation.Response, new PhysicalAddress(tha), IPAddress.Parse(target.ToString()),
                new PhysicalAddress(sha), IPAddress.Parse(sender.ToString()));
            Assert.Equal(theirs.Bytes, Wire.Bytes(ref ours).ToArray());
            Assert.Equal(ArpOperation.Response, new TheirArpPacket(new ByteArraySegment(theirs.Bytes)).Operation);
        });

    [Theory]
    [InlineData(1, 6)] // hardware type: IEEE 802 instead of Ethernet
    [InlineData(2, 0x86)] // protocol type
    [InlineData(4, 8)] // hardware length
    [InlineData(5, 16)] // protocol length
    [InlineData(7, 3)] // operation: RARP
    [InlineData(7, 0)]
    [InlineData(8, 0x01)] // a group as sender
    public void Anything_but_Ethernet_and_IPv4_is_not_valid(int at, byte value)
    {
        byte[] bytes = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2];
        Assert.True(Wire.Read<ArpPacket>(bytes).IsValid);
        bytes[at] = value;
        Assert.False(Wire.Read<ArpPacket>(bytes).IsValid);
    }
}
