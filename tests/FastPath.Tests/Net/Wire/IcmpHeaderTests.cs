using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class IcmpHeaderTests
{
    [Fact]
    public void Another_library_reads_an_echo_as_it_was_written() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.Bool, Gen.Byte.Array[0, 60]).Sample((id, sequence, isRequest, payload) =>
        {
            byte[] bytes = [.. new byte[IcmpHeader.Size], .. payload];
            ref IcmpHeader icmp = ref Wire.Header<IcmpHeader>(bytes);
            icmp.Type = isRequest ? Icmp4.EchoRequest : Icmp4.EchoReply;
            icmp.Rest = ((uint)id << 16) | sequence;
            icmp.Checksum = InternetChecksum.Compute(bytes);
            IcmpV4Packet theirs = new(new ByteArraySegment(bytes));
            Assert.Equal(isRequest ? IcmpV4TypeCode.EchoRequest : IcmpV4TypeCode.EchoReply, theirs.TypeCode);
            Assert.Equal((id, sequence, (ushort)icmp.Checksum), (theirs.Id, theirs.Sequence, theirs.Checksum));
            Assert.Equal(0, InternetChecksum.Compute(bytes));
        });

    [Theory]
    [InlineData(IcmpV4TypeCode.UnreachableNet, Icmp4.DestinationUnreachable, Icmp4.NetUnreachable)]
    [InlineData(IcmpV4TypeCode.UnreachableHost, Icmp4.DestinationUnreachable, Icmp4.HostUnreachable)]
    [InlineData(IcmpV4TypeCode.UnreachableProtocol, Icmp4.DestinationUnreachable, Icmp4.ProtocolUnreachable)]
    [InlineData(IcmpV4TypeCode.UnreachablePort, Icmp4.DestinationUnreachable, Icmp4.PortUnreachable)]
    [InlineData(IcmpV4TypeCode.UnreachableFragmentationNeeded, Icmp4.DestinationUnreachable, Icmp4.FragmentationNeeded)]
    [InlineData(IcmpV4TypeCode.UnreachableCommunicationProhibited, Icmp4.DestinationUnreachable,
        Icmp4.AdministrativelyProhibited)]
    [InlineData(IcmpV4TypeCode.TimeExceeded, Icmp4.TimeExceeded, 0)]
    public void Numbers_are_those_another_library_knows(IcmpV4TypeCode theirs, byte type, byte code) =>
        Assert.Equal((int)theirs, (type << 8) | code);

    [Theory]
    [InlineData(IcmpV6Type.DestinationUnreachable, Icmp6.DestinationUnreachable)]
    [InlineData(IcmpV6Type.PacketTooBig, Icmp6.PacketTooBig)]
    [InlineData(IcmpV6Type.TimeExceeded, Icmp6.TimeExceeded)]
    [InlineData(IcmpV6Type.ParameterProblem, Icmp6.ParameterProblem)]
    [InlineData(IcmpV6Type.EchoRequest, Icmp6.EchoRequest)]
    [InlineData(IcmpV6Type.EchoReply, Icmp6.EchoReply)]
    [InlineData(IcmpV6Type.RouterSolicitation, Icmp6.RouterSolicitation)]
    [InlineData(IcmpV6Type.RouterAdvertisement, Icmp6.RouterAdvertisement)]
    [InlineData(IcmpV6Type.NeighborSolicitation, Icmp6.NeighborSolicitation)]
    [InlineData(IcmpV6Type.NeighborAdvertisement, Icmp6.NeighborAdvertisement)]
    [InlineData(IcmpV6Type.RedirectMessage, Icmp6.Redirect)]
    public void ICMPv6_numbers_are_those_another_library_knows(IcmpV6Type theirs, byte type) =>
        Assert.Equal((int)theirs, type);

    /// <summary>
    /// RFC 1122 section 3.2.2: errors are unreachable, redirect, source quench, time exceeded and parameter problem.
    /// </summary>
    [Fact]
    public void Errors_are_known_from_questions()
    {
        for (int type = 0; type < 256; type++)
        {
            Assert.Equal(type is 3 or 4 or 5 or 11 or 12, Icmp4.IsError((byte)type));
            Assert.Equal(type is < 128 or 137, Icmp6.IsError((byte)type)); // 137: redirect
        }
    }
}
