using System;
using System.IO;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Rest;
using FastPath.Control.Switch;
using FastPath.Control.Switch.Kernel;
using FastPath.Control.Views;
using FastPath.Xdp;
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
        catch (Exception e) when (IsExpected(e))
        {
            Log.Say($"fastpathd: {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>What an operator can do something about; a worker that cannot start says why inside.</summary>
    private static bool IsExpected(Exception e) =>
        Refusal.Is(e) || e is InvalidOperationException { InnerException: XdpException };

    /// <summary>Says every error of a configuration.</summary>
    public static int Refuse(string file, InvalidConfigException e)
    {
        foreach (FieldError error in e.Errors)
            Log.Say($"{file}: {error}");
        return ExitCode.BadConfig;
    }

    private static async Task<int> Serve(DaemonOptions options, ConfigDocument document)
    {
        using DaemonName name = DaemonName.Take(options.Name); // before anything is touched that another daemon may have
        DataplaneConfig config = Validator.Check(document);
        OnlineProcessors.Require(config.System);
        Warmup.Run();
        if (CpuAffinity.KeepOff(config.System.Processors))
            Log.Say("everything but workers stays off their processors");
        string? pins = PinsOf(options);
        using DirectoryLock? directory = pins == null ? null : DaemonPins.Take(pins);
        KernelOptions kernel = new(options.Name, Path.Combine(AppContext.BaseDirectory, "bpf"), pins, config.System.Refused);
        EventLog events = new() { Added = one => Log.Say($"{one.Subject}: {one.Message}") };
        KernelBackend backend = new(config.System, kernel, events);
        Log.Say($"fastpathd {FastPathVersion.Text}: {config.System.Workers} worker(s), {config.System.Memory.ChunkCount} chunks of "
            + $"{config.System.Memory.ChunkBytes} bytes each, pins in {kernel.PinDirectory ?? "no directory"}");
        using VirtualSwitch virtualSwitch = new(config.System, backend, events);
        using Housekeeping housekeeping = new(virtualSwitch, backend.Kernel);
        using KernelMirror mirror = new(virtualSwitch, backend.Kernel, housekeeping.Wake);
        PauseWatch pauses = new();
        SystemViews views = new(config.System, () => backend.Grants | housekeeping.Grants, events, pauses);
        Controller controller = new(virtualSwitch, document, views, events);
        ReadyWatch watch = new(events, controller.Reasons);
        housekeeping.Start();
        SayMissing(config.System.Refused, backend.Grants);
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable terminated = Handle(PosixSignal.SIGTERM, stop);
        using IDisposable interrupted = Handle(PosixSignal.SIGINT, stop);
        using IDisposable hungUp = IgnoreHangUp(Log.Say);
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddProvider(new LogProvider()));
        await using RestServer rest = await RestServer.Start(controller, RestOptionsOf(options), logging);
        await RestWarmup.Run(options.Socket);
        pauses.Begin();
        Log.Say(watch.Begin($"revision {controller.Current.Revision}, {document.Ports.Count} port(s), "
            + $"{document.Uplinks.Count} uplink(s), API at {options.Socket}"));
        await Watch(watch, stop.Task);
        Log.Say("stopping");
        return ExitCode.Good;
    }

    /// <summary>Other daemons read their files again at SIGHUP; whoever expects that must not stop the switch by it.</summary>
    internal static IDisposable IgnoreHangUp(Action<string> say) =>
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            say("SIGHUP: ignored; fastpath apply -f FILE changes the configuration, SIGTERM stops fastpathd");
        });

    private static async Task Watch(ReadyWatch watch, Task stop)
    {
        using CancellationTokenSource ending = new();
        Task watching = Task.Run(() => watch.Run(ending.Token));
        await stop;
        await ending.CancelAsync();
        await watching;
    }

    /// <summary>Says what the switch does without, by choice or because this kernel has it not.</summary>
    private static void SayMissing(KernelFeature refused, FeatureGrants grants)
    {
        foreach (KernelFeature feature in SystemRules.AllFeatures())
            if (refused.HasFlag(feature))
                Log.Say($"without {SystemRules.NameOf(feature)}: the configuration refuses it");
            else if (MissingFeatures.IsOfSockets(feature) && grants.IsMissing(feature))
                Log.Say($"without {SystemRules.NameOf(feature)}: this kernel has it not");
    }

    private static RestOptions RestOptionsOf(DaemonOptions options)
    {
        string path = Path.GetFullPath(options.Socket);
        if (Path.GetDirectoryName(path) is string directory)
            Directory.CreateDirectory(directory);
        return new RestOptions { SocketPath = path, Loopback = options.Loopback };
    }

    private static string? PinsOf(DaemonOptions options) =>
        options.PinDirectory?.Length == 0 ? null : BpfDirectory.Prepare(options.PinDirectory, options.Name);

    private static PosixSignalRegistration Handle(PosixSignal signal, TaskCompletionSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.TrySetResult();
        });
}
