using System.Net.NetworkInformation;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using Xunit;

namespace FastPath.Tests.Net;

/// <summary>Against PacketDotNet, which was written by others.</summary>
public sealed class EthernetHeaderTests
{
    [Fact]
    public void Reads_what_another_library_writes() =>
        Gen.Select(Gen.Byte.Array[6], Gen.Byte.Array[6], Gen.UShort).Sample((destination, source, type) =>
        {
            EthernetPacket theirs =
                new(new PhysicalAddress(source), new PhysicalAddress(destination), (EthernetType)type);
            EthernetHeader ours = Wire.Read<EthernetHeader>(theirs.Bytes);
            Assert.Equal(Wire.Read<MacAddress>(destination), ours.Destination);
            Assert.Equal(Wire.Read<MacAddress>(source), ours.Source);
            Assert.Equal(type, (ushort)ours.Type);
        });

    [Fact]
    public void Another_library_reads_what_it_writes() =>
        Gen.Select(Gen.ULong[0, 0xFFFF_FFFF_FFFF], Gen.ULong[0, 0xFFFF_FFFF_FFFF],
            Gen.UShort).Sample((destination, source, type) =>
        {
            EthernetHeader ours = new()
            {
                Destination = MacAddress.FromValue(destination),
                Source = MacAddress.FromValue(source),
                Type = (EtherType)type,
            };
            EthernetPacket theirs = new(new PacketDotNet.Utils.ByteArraySegment(Wire.Bytes(ref ours).ToArray()));
            Assert.Equal(ours.Destination.ToString().Replace(":", "", System.StringComparison.Ordinal),
                theirs.DestinationHardwareAddress.ToString(), ignoreCase: true);
            Assert.Equal(ours.Source.ToString().Replace(":", "", System.StringComparison.Ordinal),
                theirs.SourceHardwareAddress.ToString(), ignoreCase: true);
            Assert.Equal(type, (ushort)theirs.Type);
        });
}
