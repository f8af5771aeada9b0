using System.Net;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class Ipv6HeaderTests
{
    [Fact]
    public void Reads_what_another_library_writes() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[16], Gen.Byte, Gen.Byte,
            Gen.Int[0, 0xF_FFFF]).Sample((from, to, hops, traffic, flow) =>
        {
            IPv6Packet theirs = new(new IPAddress(from), new IPAddress(to))
            {
                HopLimit = hops,
                TrafficClass = traffic,
                FlowLabel = flow,
            };
            Ipv6Header ours = Wire.Read<Ipv6Header>(theirs.Bytes);
            Assert.Equal(Wire.Read<Ip6Address>(from), ours.Source);
            Assert.Equal(Wire.Read<Ip6Address>(to), ours.Destination);
            Assert.Equal((6, hops, traffic, (uint)flow),
                (ours.Version, ours.HopLimit, ours.TrafficClass, ours.FlowLabel));
            Assert.Equal(theirs.PayloadLength, (ushort)ours.PayloadLength);
        });

    [Fact]
    public void Another_library_reads_what_it_writes() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Byte).Sample((high, low, hops) =>
        {
            Ipv6Header ours = new()
            {
                VersionClassFlow = 6u << 28,
                NextHeader = IpProtocol.NoNext,
                HopLimit = hops,
                Source = new Ip6Address(high, low),
                Destination = new Ip6Address(low, high),
            };
            IPv6Packet theirs = new(new ByteArraySegment(Wire.Bytes(ref ours).ToArray()));
            Assert.Equal(new IPAddress(Wire.Bytes(ref ours)[8..24]), theirs.SourceAddress);
            Assert.Equal(new IPAddress(Wire.Bytes(ref ours)[24..40]), theirs.DestinationAddress);
            Assert.Equal((6, hops), ((int)theirs.Version, theirs.HopLimit));
        });
}
