using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class TcpHeaderTests
{
    [Fact]
    public void Another_library_reads_what_it_writes() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.UInt, Gen.UInt, Gen.Byte, Gen.UShort, Gen.Int[5, 15]).Sample(
            (from, to, sequence, acknowledgment, flags, window, words) =>
            {
                byte[] bytes = new byte[words * 4];
                ref TcpHeader ours = ref Wire.Header<TcpHeader>(bytes);
                ours.SourcePort = from;
                ours.DestinationPort = to;
                ours.Sequence = sequence;
                ours.Acknowledgment = acknowledgment;
                ours.SetLengthAndFlags(words * 4, (TcpFlags)flags);
                ours.Window = window;
                TcpPacket theirs = new(new ByteArraySegment(bytes));
                Assert.Equal((from, to), (theirs.SourcePort, theirs.DestinationPort));
                Assert.Equal((sequence, acknowledgment), (theirs.SequenceNumber, theirs.AcknowledgmentNumber));
                Assert.Equal((flags, window), ((byte)theirs.Flags, theirs.WindowSize));
                Assert.Equal(words, theirs.DataOffset);
                Assert.Equal(words * 4, ours.HeaderLength);
                Assert.Equal((TcpFlags)flags, ours.Flags);
            });

    [Fact]
    public void Changing_flags_keeps_the_length() => Gen.Select(Gen.Byte, Gen.Byte).Sample((before, after) =>
    {
        TcpHeader header = default;
        header.SetLengthAndFlags(32, (TcpFlags)before);
        header.Flags = (TcpFlags)after;
        Assert.Equal((32, (TcpFlags)after), (header.HeaderLength, header.Flags));
    });

    [Theory]
    [InlineData(TcpFlags.Fin, 0x01)]
    [InlineData(TcpFlags.Syn, 0x02)]
    [InlineData(TcpFlags.Rst, 0x04)]
    [InlineData(TcpFlags.Psh, 0x08)]
    [InlineData(TcpFlags.Ack, 0x10)]
    [InlineData(TcpFlags.Urg, 0x20)]
    [InlineData(TcpFlags.Ece, 0x40)]
    [InlineData(TcpFlags.Cwr, 0x80)]
    public void Control_bits_are_those_of_RFC_9293(TcpFlags flag, byte bit) => Assert.Equal(bit, (byte)flag);

    [Fact]
    public void The_checksum_lies_where_the_constant_says()
    {
        TcpHeader header = new() { Checksum = 0x1234 };
        Assert.Equal([0x12, 0x34], Wire.Bytes(ref header).Slice(TcpHeader.ChecksumOffset, 2).ToArray());
    }
}
