using System;
using System.IO;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Rest;
using FastPath.Control.Switch;
using FastPath.Control.Switch.Kernel;
using FastPath.Control.Views;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;
using Microsoft.Extensions.Logging;

namespace FastPath.Control.Daemon;

/// <summary>fastpathd from start to end: configuration, switch, API, and a clean stop on SIGTERM or SIGINT.</summary>
internal static class SwitchDaemon
{
    public static async Task<int> Run(DaemonOptions options)
    {
        // Pauses stop the workers, too: collect beside them wherever that is possible.
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        try
        {
            ConfigDocument document = options.ConfigFile == null
                ? new ConfigDocument()
                : ConfigReader.ReadValid(ConfigFile.Read(options.ConfigFile));
            return options.PcapInput == null
                ? await Serve(options, document)
                : PcapRun.Run(document, options.PcapInput, options.PcapOutput ?? options.PcapInput + "-out", Console.Out);
        }
        catch (InvalidConfigException e)
        {
            return Refuse(options.ConfigFile ?? "configuration", e);
        }
        catch (Exception e) when (e is XdpException or NetlinkException or IOException or UnauthorizedAccessException)
        {
            Log.Say($"fastpathd: {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Says every error of a configuration.</summary>
    public static int Refuse(string file, InvalidConfigException e)
    {
        foreach (FieldError error in e.Errors)
            Log.Say($"{file}: {error}");
        return ExitCode.BadConfig;
    }

    private static async Task<int> Serve(DaemonOptions options, ConfigDocument document)
    {
        DataplaneConfig config = Validator.Check(document);
        Warmup.Run();
        KernelOptions kernel = new(options.Name, Path.Combine(AppContext.BaseDirectory, "bpf"), PinsOf(options), config.System.Refused);
        EventLog events = new() { Added = one => Log.Say($"{one.Subject}: {one.Message}") };
        KernelBackend backend = new(config.System, kernel, events);
        Log.Say($"fastpathd {FastPathVersion.Text}: {config.System.Workers} worker(s), {config.System.Memory.ChunkCount} chunks of "
            + $"{config.System.Memory.ChunkBytes} bytes each, pins in {kernel.PinDirectory ?? "no directory"}");
        using VirtualSwitch virtualSwitch = new(config.System, backend, events);
        using Housekeeping housekeeping = new(virtualSwitch, backend.Kernel);
        using KernelMirror mirror = new(virtualSwitch, backend.Kernel, housekeeping.Wake);
        Controller controller = new(virtualSwitch, document, new SystemViews(config.System, () => backend.Granted, events));
        housekeeping.Start();
        SayMissing(config.System.Refused, backend.Granted);
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable terminated = Handle(PosixSignal.SIGTERM, stop);
        using IDisposable interrupted = Handle(PosixSignal.SIGINT, stop);
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddProvider(new LogProvider()));
        await using RestServer rest = await RestServer.Start(controller, RestOptionsOf(options), logging);
        Log.Say($"ready: revision {controller.Current.Revision}, {document.Ports.Count} port(s), {document.Uplinks.Count} uplink(s), "
            + $"API at {options.Socket}");
        await stop.Task;
        Log.Say("stopping");
        return ExitCode.Good;
    }

    /// <summary>Says what the switch does without, by choice or because this kernel has it not.</summary>
    private static void SayMissing(KernelFeature refused, KernelFeature granted)
    {
        foreach (KernelFeature feature in SystemRules.AllFeatures())
            if (refused.HasFlag(feature))
                Log.Say($"without {SystemRules.NameOf(feature)}: the configuration refuses it");
            else if (MissingFeatures.IsOfSockets(feature) && !granted.HasFlag(feature))
                Log.Say($"without {SystemRules.NameOf(feature)}: this kernel has it not");
    }

    private static RestOptions RestOptionsOf(DaemonOptions options)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(options.Socket)) is string directory)
            Directory.CreateDirectory(directory);
        return new RestOptions { SocketPath = options.Socket, Loopback = options.Loopback };
    }

    private static string? PinsOf(DaemonOptions options) =>
        options.PinDirectory?.Length == 0 ? null : BpfDirectory.Prepare(options.PinDirectory);

    private static PosixSignalRegistration Handle(PosixSignal signal, TaskCompletionSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.TrySetResult();
        });
}
