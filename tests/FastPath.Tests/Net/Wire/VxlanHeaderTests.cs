using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class VxlanHeaderTests
{
    [Fact]
    public void Another_library_reads_what_it_writes() => Gen.UInt[0, 0xFF_FFFF].Sample(vni =>
    {
        VxlanHeader ours = VxlanHeader.Of(vni);
        VxlanPacket theirs = new(new ByteArraySegment(Wire.Bytes(ref ours).ToArray()), null!);
        Assert.Equal(vni, (uint)theirs.Vni);
        Assert.Equal(vni, ours.Vni);
        Assert.True(ours.HasVni);
    });

    /// <summary>RFC 7348 section 5: reserved fields are zero on transmission and ignored on receipt.</summary>
    [Fact]
    public void Reserved_bits_are_sent_as_zero_and_ignored() => Gen.Byte.Array[8].Sample(bytes =>
    {
        VxlanHeader read = Wire.Read<VxlanHeader>(bytes);
        uint vni = (uint)((bytes[4] << 16) | (bytes[5] << 8) | bytes[6]);
        Assert.Equal(((bytes[0] & 8) != 0, vni), (read.HasVni, read.Vni));
        VxlanHeader written = VxlanHeader.Of(vni);
        Assert.Equal([8, 0, 0, 0, bytes[4], bytes[5], bytes[6], 0], Wire.Bytes(ref written).ToArray());
    });
}
