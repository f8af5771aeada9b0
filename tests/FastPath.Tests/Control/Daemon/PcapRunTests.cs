using System;
using System.IO;
using FastPath.Control.Config;
using FastPath.Control.Daemon;
using FastPath.Dataplane;
using FastPath.Dataplane.Ports;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Control.Daemon;

public sealed class PcapRunTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fp-pcap-").FullName;

    [Fact]
    public void A_configuration_runs_over_capture_files_and_says_what_became_of_the_packets()
    {
        byte[] bridged = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        byte[] refused = Eth(MacB, "01:00:00:00:00:0a") / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        string input = Directory.CreateDirectory(Path.Combine(_directory, "in")).FullName;
        string output = Path.Combine(_directory, "out");
        using (PcapWriter writer = PcapWriter.Create(Path.Combine(input, "a.pcap")))
        {
            writer.Write(0, bridged);
            writer.Write(1, refused);
            writer.Write(2, new byte[Limits.PacketBytesMax + 1]);
        }

        StringWriter said = new();
        int exit = PcapRun.Run(
            ConfigReader.Read("bridges: {blue: }\nports: {a: {device: x, bridge: blue}, b: {device: y, bridge: blue}}\n"),
            input, output, said);

        Assert.Equal(ExitCode.Good, exit);
        using CaptureReader sent = CaptureReader.Open(Path.Combine(output, "b.pcap"));
        Assert.True(sent.TryRead(out CapturedPacket packet));
        Assert.Equal(bridged, packet.Bytes.ToArray());
        Assert.False(sent.TryRead(out _));
        Assert.Contains("ethernet-input badSourceMac", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("ports/a rxOversized", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_said() => Assert.Equal(ExitCode.Failed,
        PcapRun.Run(new FastPath.Api.ConfigDocument(), Path.Combine(_directory, "none"), _directory, TextWriter.Null));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
