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
        // Pauses stop the workers, too: collect beside them wherever that is possible (DESIGN D14).
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        ConfigDocument document;
        try
        {
            document = options.ConfigFile == null
                ? new ConfigDocument()
                : ConfigReader.ReadValid(File.ReadAllText(options.ConfigFile));
        }
        catch (InvalidConfigException e)
        {
            return Refuse(options.ConfigFile!, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Say($"fastpathd: {e.Message}");
            return ExitCode.Failed;
        }

        try
        {
            return await Serve(options, document);
        }
        catch (Exception e) when (e is XdpException or NetlinkException or IOException)
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
        KernelOptions kernel = new(options.Name, Path.Combine(AppContext.BaseDirectory, "bpf"),
            options.PinDirectory.Length == 0 ? null : options.PinDirectory, config.System.Refused);
        Log.Say($"fastpathd {FastPathVersion.Text}: {config.System.Workers} worker(s), {config.System.Memory.ChunkCount} chunks of "
            + $"{config.System.Memory.ChunkBytes} bytes each");
        EventLog events = new() { Added = one => Log.Say($"{one.Subject}: {one.Message}") };
        KernelBackend backend = new(config.System, kernel);
        using VirtualSwitch virtualSwitch = new(config.System, backend, events);
        Controller controller = new(virtualSwitch, document, new SystemViews(config.System, () => backend.Granted, events));
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddProvider(new LogProvider()));
        await using RestServer rest = await RestServer.Start(
            controller, new RestOptions { SocketPath = options.Socket, Loopback = options.Loopback }, logging);
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable terminated = Handle(PosixSignal.SIGTERM, stop);
        using IDisposable interrupted = Handle(PosixSignal.SIGINT, stop);
        Log.Say($"ready: revision {controller.Current.Revision}, {document.Ports.Count} port(s), {document.Uplinks.Count} uplink(s)");
        await stop.Task;
        Log.Say("stopping");
        return ExitCode.Good;
    }

    private static PosixSignalRegistration Handle(PosixSignal signal, TaskCompletionSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.TrySetResult();
        });
}
