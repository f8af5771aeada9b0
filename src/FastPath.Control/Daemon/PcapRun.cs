using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Control.Switch.Pcap;
using FastPath.Control.Views;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;

namespace FastPath.Control.Daemon;

/// <summary>
/// Runs a whole configuration over capture files and says what became of the packets. Without devices and root; the same
/// files give the same result, because time is moved by hand.
/// </summary>
internal static class PcapRun
{
    // Longer than a neighbor is asked for (three questions, a second each): what waits then is dropped and counted.
    private const int SecondsAfterwards = 5;

    /// <param name="document">A valid configuration.</param>
    /// <param name="input">Directory of NAME.pcap for each port.</param>
    /// <param name="output">Directory for what ports send.</param>
    /// <param name="say">Takes the lines of the result.</param>
    public static int Run(ConfigDocument document, string input, string output, TextWriter say)
    {
        if (!Directory.Exists(input))
        {
            Log.Say($"fastpathd: there is no directory {input}");
            return ExitCode.Failed;
        }

        Directory.CreateDirectory(output);
        DataplaneConfig config = Validator.Check(document);
        PcapBackend backend = new(config.System, input, output);
        ManualClock clock = new();
        EventLog events = new();
        using VirtualSwitch virtualSwitch = new(config.System, backend, events, clock);
        virtualSwitch.Start(config);
        foreach (PortSlot slot in virtualSwitch.Slots.Values)
            if (slot.State == PortState.Failed)
                Log.Say($"{slot.Key}: {slot.Reason}");
        Drain(virtualSwitch, backend, clock);
        Report(virtualSwitch, backend, say);
        return ExitCode.Good;
    }

    private static void Drain(VirtualSwitch virtualSwitch, PcapBackend backend, ManualClock clock)
    {
        for (int second = 0; second <= SecondsAfterwards; second++)
        {
            bool any = true;
            while (any)
            {
                any = false;
                foreach (Worker worker in virtualSwitch.Core.Workers)
                    any |= worker.PollOnce();
                foreach (PcapPort port in backend.Ports.Values)
                    any |= !port.IsDone;
            }

            clock.Advance(1_000_000_000);
        }
    }

    private static void Report(VirtualSwitch virtualSwitch, PcapBackend backend, TextWriter say)
    {
        say.WriteLine(Line("port", "received", "sent"));
        foreach ((string name, PcapPort port) in backend.Ports)
        {
            say.WriteLine(Line(name, Text(port.Counters.Read(PortCounter.RxPackets)), Text(port.Counters.Read(PortCounter.TxPackets))));
            if (port.Problem is string problem)
                say.WriteLine($"  {problem}");
            if (port.CutPackets != 0)
                say.WriteLine($"  {port.CutPackets} packets were cut when they were captured");
        }

        IReadOnlyList<DropView> drops = virtualSwitch.Read(DropViews.Of);
        say.WriteLine(drops.Count == 0 ? "nothing was dropped" : "dropped:");
        foreach (DropView drop in drops)
            say.WriteLine($"  {drop.Packets,8} {drop.Node} {drop.Reason}: {drop.Sentence}");
    }

    private static string Line(string name, string received, string sent) => $"{name,-16} {received,10} {sent,10}";

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
