using System;
using System.IO;
using System.Threading;
using FastPath.Netns.Support;

namespace FastPath.Netns.Control;

/// <summary>A host namespace with fastpathd in it, as an operator runs it.</summary>
internal sealed class DaemonHost : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60); // eight builds may share the machine

    private readonly string _directory = Directory.CreateTempSubdirectory("fpt-daemon-").FullName;
    private readonly RunningCommand _daemon;

    /// <param name="host">Namespace it runs in.</param>
    /// <param name="yaml">Configuration; NS- before a name becomes the prefix of the topology's namespaces.</param>
    public DaemonHost(Space host, string yaml)
    {
        string prefix = host.Name[..(host.Name.LastIndexOf('-') + 1)];
        string config = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(config, yaml.Replace("NS-", prefix, StringComparison.Ordinal));
        Directory.CreateDirectory(Pins);
        Command.Run(["mount", "-t", "bpf", "bpf", Pins]).OrFail(); // outside: a mount made inside goes with the daemon
        _daemon = host.Start(Path.Combine(Native.Root, "artifacts/bin/FastPath.Control/release/fastpathd"),
            "--config", config, "--bpffs", Path.Combine(Pins, "fastpath"), "--socket", Socket);
        _daemon.WaitForText("\nready", s_patience); // or degraded: some tests begin without a device
    }

    public string Socket => Path.Combine(_directory, "api.sock");

    private string Pins => Path.Combine(_directory, "bpf");

    /// <summary>What the daemon has said up to now.</summary>
    public string Said => _daemon.Error;

    /// <summary>Waits until the daemon has said a line after the present ones.</summary>
    public void WaitFor(Action cause, string text)
    {
        int before = Said.Length;
        cause();
        bool Seen() => Said.Length > before && Said.IndexOf(text, before, StringComparison.Ordinal) >= 0;
        if (!SpinWait.SpinUntil(Seen, s_patience))
            throw new CommandFailedException($"fastpathd did not say '{text}':\n{Said}");
    }

    /// <summary>Asks it to stop and waits.</summary>
    public CommandResult Stop() => _daemon.Terminate(s_patience);

    public void Dispose()
    {
        try
        {
            if (!_daemon.HasExited)
                Stop();
        }
        finally
        {
            _daemon.Dispose(); // kills it when it did not stop: neither it nor its mount may outlive the test
            Command.Run(["umount", Pins]);
            Directory.Delete(_directory, recursive: true);
        }
    }
}
