using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using CsCheck;
using FastPath.Dataplane.Ports;
using FastPath.Tests.Packets;
using SharpPcap;
using SharpPcap.LibPcap;
using Xunit;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class CaptureReaderTests
{
    private static readonly Gen<byte[]> s_frame = Gen.Byte.Array[0, 2000];

    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Select(Gen.Long[0, 4_000_000_000_999_999_999], s_frame).List[0, 20].Sample(frames =>
        {
            MemoryStream file = new();
            using PcapWriter writer = new(file);
            foreach ((long time, byte[] frame) in frames)
                writer.Write(time, frame);

            using CaptureReader reader = CaptureReader.Read(new MemoryStream(file.ToArray()), "memory");
            foreach ((long time, byte[] frame) in frames)
            {
                Assert.True(reader.TryRead(out CapturedPacket packet));
                Assert.Equal(time, packet.Nanoseconds);
                Assert.Equal(frame.Length, packet.OriginalLength);
                Assert.Equal(frame, packet.Bytes.ToArray());
            }

            Assert.False(reader.TryRead(out _));
            Assert.Null(reader.Problem);
        }, iter: 200);

    [Fact]
    public void Reads_every_capture_as_libpcap_does()
    {
        int ethernet = 0;
        int refused = 0;
        foreach (string path in Captures.Files())
        {
            using CaptureFileReaderDevice oracle = new(path);
            List<(byte[] Bytes, int Length)> expected = ReadAll(oracle, out bool opened, out bool failed);
            if (failed && oracle.LastError.Contains("has a type", StringComparison.Ordinal))
            {
                refused++; // an interface of another link type, in front of the packets or among them
                Assert.Contains("link type", ProblemOf(path), StringComparison.Ordinal);
                continue;
            }

            if (!opened || oracle.LinkType != PacketDotNet.LinkLayers.Ethernet)
            {
                refused++;
                Assert.Contains(path, Assert.Throws<CaptureException>(() => CaptureReader.Open(path)).Message,
                    StringComparison.Ordinal);
                continue;
            }

            ethernet++;
            // libpcap refuses interfaces with different snapshot lengths; the format allows them.
            bool isLimit = failed && oracle.LastError.Contains("snapshot length", StringComparison.Ordinal);
            CompareWith(path, expected, failed, isLimit);
        }

        Assert.True(ethernet > 200, $"{ethernet} captures");
        Assert.True(refused > 8, $"{refused} refused");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_sections_with_several_interfaces_in_either_byte_order(bool bigEndian)
    {
        NgFile file = new(bigEndian);
        file.Section();
        file.Interface(linkType: 1, snap: 0);
        file.Interface(linkType: 1, snap: 0, resolution: 9);
        file.Enhanced(0, time: 2_000_001, [1, 2, 3], original: 60);
        file.Enhanced(1, time: 2_000_000_001, [4, 5, 6, 7]);
        file.Block(0x0000_0BAD, [0, 0, 0, 0]);
        file.Simple([8, 9, 10, 11, 12]);

        using CaptureReader reader = CaptureReader.Read(new MemoryStream(file.Bytes), "memory");
        Assert.Equal((2_000_001_000, 60, "010203"), Next(reader));
        Assert.Equal((2_000_000_001, 4, "04050607"), Next(reader));
        Assert.Equal((0, 5, "08090A0B0C"), Next(reader));
        Assert.False(reader.TryRead(out _));
        Assert.Null(reader.Problem);
    }

    [Fact]
    public void Refuses_an_interface_of_another_link_type_by_name()
    {
        NgFile file = new(bigEndian: false);
        file.Section();
        file.Interface(linkType: 1, snap: 0);
        file.Interface(linkType: 113, snap: 0);
        CaptureException fault = Assert.Throws<CaptureException>(
            () => CaptureReader.Read(new MemoryStream(file.Bytes), "dir/some.pcapng"));
        Assert.Equal("dir/some.pcapng: link type 113 (Linux cooked); only Ethernet (1) can be read", fault.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(23)]
    public void Refuses_a_file_without_a_whole_header(int length)
    {
        byte[] file = FileOf([1, 2, 3])[..length];
        Assert.Throws<CaptureException>(() => CaptureReader.Read(new MemoryStream(file), "short"));
    }

    [Fact]
    public void A_cut_record_ends_the_packets_and_says_so()
    {
        byte[] file = FileOf([1, 2, 3], [4, 5, 6]);
        using CaptureReader reader = CaptureReader.Read(new MemoryStream(file[..^1]), "cut.pcap");
        Assert.Equal((0, 3, "010203"), Next(reader));
        Assert.False(reader.TryRead(out _));
        Assert.Equal("cut.pcap: the file ends inside a record", reader.Problem);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_record_of_absurd_length_ends_the_packets()
    {
        byte[] file = FileOf([1, 2, 3]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24 + 8), 262_145);
        using CaptureReader reader = CaptureReader.Read(new MemoryStream(file), "damaged.pcap");
        Assert.False(reader.TryRead(out _));
        Assert.Contains("262145 bytes", reader.Problem, StringComparison.Ordinal);
    }

    private static List<(byte[] Bytes, int Length)> ReadAll(CaptureFileReaderDevice device, out bool opened,
        out bool failed)
    {
        List<(byte[] Bytes, int Length)> packets = [];
        opened = false;
        failed = false;
        try
        {
            device.Open();
            opened = true;
            GetPacketStatus status;
            while ((status = device.GetNextPacket(out PacketCapture capture)) == GetPacketStatus.PacketRead)
                packets.Add((capture.Data.ToArray(), (int)((PcapHeader)capture.Header).PacketLength));
            failed = status == GetPacketStatus.Error;
        }
        catch (PcapException)
        {
            failed = true;
        }

        return packets;
    }

    /// <summary>What is wrong with a file, whether it is found when it is opened or later.</summary>
    private static string? ProblemOf(string path)
    {
        try
        {
            using CaptureReader reader = CaptureReader.Open(path);
            while (reader.TryRead(out _))
            {
            }

            return reader.Problem;
        }
        catch (CaptureException e)
        {
            return e.Message;
        }
    }

    private static void CompareWith(string path, List<(byte[] Bytes, int Length)> expected, bool failed, bool isLimit)
    {
        using CaptureReader reader = CaptureReader.Open(path);
        int count = 0;
        while (reader.TryRead(out CapturedPacket packet))
        {
            if (isLimit && count == expected.Count)
                return;
            Assert.True(count < expected.Count, $"{path}: libpcap reads {expected.Count} packets");
            (byte[] bytes, int length) = expected[count++];
            Assert.True(packet.Bytes.Span.SequenceEqual(bytes), $"{path}: packet {count}");
            Assert.Equal(length, packet.OriginalLength);
        }

        Assert.True(count == expected.Count,
            $"{path}: {count} packets, libpcap reads {expected.Count} ({reader.Problem})");
        Assert.True(failed == (reader.Problem != null),
            $"{path}: {reader.Problem ?? "no problem"}, libpcap failed: {failed}");
    }

    private static (long, int, string) Next(CaptureReader reader)
    {
        Assert.True(reader.TryRead(out CapturedPacket packet), reader.Problem);
        return (packet.Nanoseconds, packet.OriginalLength, Convert.ToHexString(packet.Bytes.Span));
    }

    private static byte[] FileOf(params byte[][] frames)
    {
        MemoryStream file = new();
        using PcapWriter writer = new(file);
        foreach (byte[] frame in frames)
            writer.Write(0, frame);
        return file.ToArray();
    }

    /// <summary>Writes pcapng blocks.</summary>
    private sealed class NgFile(bool bigEndian)
    {
        private readonly List<byte> _file = [];

        public byte[] Bytes => [.. _file];

        public void Section() =>
            Block(0x0A0D_0D0A, [.. Word(0x1A2B_3C4D), .. Half(1), .. Half(0), .. Word(~0u), .. Word(~0u)]);

        public void Interface(ushort linkType, uint snap, byte? resolution = null) => Block(1,
            [.. Half(linkType), .. Half(0), .. Word(snap),
                .. resolution is byte r ? (byte[])[.. Half(9), .. Half(1), r, 0, 0, 0] : []]);

        public void Enhanced(uint number, ulong time, byte[] frame, int? original = null) => Block(6,
            [.. Word(number), .. Word((uint)(time >> 32)), .. Word((uint)time), .. Word((uint)frame.Length),
                .. Word((uint)(original ?? frame.Length)), .. Padded(frame)]);

        public void Simple(byte[] frame) => Block(3, [.. Word((uint)frame.Length), .. Padded(frame)]);

        public void Block(uint type, byte[] body)
        {
            uint length = (uint)body.Length + 12;
            _file.AddRange([.. Word(type), .. Word(length), .. body, .. Word(length)]);
        }

        private static byte[] Padded(byte[] frame) => [.. frame, .. new byte[(4 - (frame.Length % 4)) % 4]];

        private byte[] Word(uint value)
        {
            byte[] bytes = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, bigEndian ? value : BinaryPrimitives.ReverseEndianness(value));
            return bytes;
        }

        private byte[] Half(ushort value) =>
            bigEndian ? [(byte)(value >> 8), (byte)value] : [(byte)value, (byte)(value >> 8)];
    }
}
