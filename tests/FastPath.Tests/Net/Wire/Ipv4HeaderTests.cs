using System;
using System.Net;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class Ipv4HeaderTests
{
    [Fact]
    public void One_load_tells_fragments_and_marked_packets()
    {
        Random random = new(4);
        for (int n = 0; n < 20_000; n++)
        {
            Ipv4Header header = new()
            {
                VersionAndIhl = (byte)random.Next(256),
                DscpAndEcn = (byte)random.Next(256),
                TotalLength = (ushort)random.Next(65_536),
                Identification = (ushort)random.Next(65_536),
                FlagsAndFragmentOffset = (ushort)(n % 2 == 0 ? 0x4000 * random.Next(4) : 1 << random.Next(16)),
            };
            Assert.Equal(!header.IsFragment && (header.DscpAndEcn & 3) != 3, header.IsWholeAndUnmarked);
        }
    }

    [Fact]
    public void Reads_what_another_library_writes() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Byte, Gen.UShort, Gen.Byte,
            Gen.Int[0, 0xFFFF]).Sample((from, to, ttl, id, tos, flags) =>
        {
            Ip4Address source = new(from), destination = new(to);
            IPv4Packet theirs = new(IPAddress.Parse(source.ToString()), IPAddress.Parse(destination.ToString()))
            {
                TimeToLive = ttl,
                Id = id,
                TypeOfService = tos,
                FragmentFlags = (ushort)(flags >> 13),
                FragmentOffset = (ushort)(flags & 0x1FFF),
                Protocol = PacketDotNet.ProtocolType.Udp,
            };
            Assert.Equal(Ipv4Header.Size, theirs.Bytes.Length); // fills in the total length, which the checksum covers
            theirs.UpdateIPChecksum();
            Ipv4Header ours = Wire.Read<Ipv4Header>(theirs.Bytes);
            Assert.Equal((source, destination), (ours.Source, ours.Destination));
            Assert.Equal((ttl, id, tos), (ours.TimeToLive, (ushort)ours.Identification, ours.DscpAndEcn));
            Assert.Equal((4, 20, IpProtocol.Udp), (ours.Version, ours.HeaderLength, ours.Protocol));
            Assert.Equal(theirs.TotalLength, (int)ours.TotalLength);
            Assert.Equal(theirs.Checksum, (ushort)ours.Checksum);
            Assert.True(InternetChecksum.IsValidHeader(ref ours));
            Assert.Equal(((flags & 0x4000) != 0, (flags & 0x2000) != 0), (ours.DontFragment, ours.MoreFragments));
            Assert.Equal((flags & 0x1FFF) * 8, ours.FragmentOffset);
            Assert.Equal((flags & 0x1FFF) != 0 || (flags & 0x2000) != 0, ours.IsFragment);
            Assert.Equal((flags & 0x1FFF) == 0, ours.HasTransportHeader);
        });

    [Fact]
    public void Another_library_reads_what_it_writes() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Byte, Gen.UShort).Sample((from, to, ttl, id) =>
        {
            Ipv4Header ours = new()
            {
                VersionAndIhl = Ipv4Header.PlainVersionAndIhl,
                TotalLength = Ipv4Header.Size,
                Identification = id,
                TimeToLive = ttl,
                Protocol = IpProtocol.NoNext,
                Source = new Ip4Address(from),
                Destination = new Ip4Address(to),
            };
            ours.Checksum = InternetChecksum.OfPlainHeader(ref ours);
            IPv4Packet theirs = new(new ByteArraySegment(Wire.Bytes(ref ours).ToArray()));
            Assert.True(theirs.ValidIPChecksum);
            Assert.Equal(ours.Source.ToString(), theirs.SourceAddress.ToString());
            Assert.Equal(ours.Destination.ToString(), theirs.DestinationAddress.ToString());
            Assert.Equal((ttl, id), (theirs.TimeToLive, theirs.Id));
        });

    [Fact]
    public void The_header_length_counts_options() => Gen.Byte.Sample(value =>
    {
        Ipv4Header header = new() { VersionAndIhl = value };
        Assert.Equal(value >> 4, header.Version);
        Assert.Equal((value & 15) * 4, header.HeaderLength);
    });
}
