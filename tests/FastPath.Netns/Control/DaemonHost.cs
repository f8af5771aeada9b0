using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Netns.Support;

namespace FastPath.Netns.Control;

/// <summary>A host namespace with fastpathd in it, as an operator runs it.</summary>
internal sealed class DaemonHost : IDisposable
{
    /// <summary>A bridge with ports on devices "pa" and "pb".</summary>
    public const string TwoDevices = """
        bridges: {blue: }
        ports:
          a: {device: pa, bridge: blue}
          b: {device: pb, bridge: blue}
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60); // eight builds may share the machine

    private readonly string _directory = Directory.CreateTempSubdirectory("fpt-daemon-").FullName;
    private readonly Space _host;
    private readonly string[] _under;
    private RunningCommand _daemon;

    /// <param name="host">Namespace it runs in.</param>
    /// <param name="yaml">Configuration; NS- before a name becomes the prefix of the topology's namespaces.</param>
    /// <param name="under">Program and arguments that start it, such as setpriv.</param>
    public DaemonHost(Space host, string yaml, params string[] under)
    {
        _host = host;
        _under = under;
        Directory.CreateDirectory(Mount);
        Command.Run(["mount", "-t", "bpf", "bpf", Mount]).OrFail(); // outside: a mount made inside goes with the daemon
        Client = new FastPathClient(FastPathEndpoint.Socket(Socket));
        _daemon = Start(yaml);
    }

    public static string Program => Path.Combine(Native.Root, "artifacts/bin/FastPath.Control/release/fastpathd");

    /// <summary>Its API.</summary>
    public FastPathClient Client { get; }

    public int Id => _daemon.Id;

    public string Config => Path.Combine(_directory, "config.yaml");

    /// <summary>Where its pins are.</summary>
    public string Pins => Path.Combine(Mount, "fastpath");

    /// <summary>Ports that have pins there, sorted.</summary>
    public string[] PinnedPorts =>
        [.. Directory.GetDirectories(Pins).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string Socket => Path.Combine(_directory, "api.sock");

    private string Mount => Path.Combine(_directory, "bpf");

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

    /// <summary>What it answers to a GET, as text.</summary>
    public string Get(string path) =>
        _host.Run("curl", "-s", "--max-time", "10", "--unix-socket", Socket, "http://localhost/api/v1/" + path).OrFail().Output;

    /// <summary>Everything that helps to see why packets did not arrive.</summary>
    public string Explain() =>
        $"{Said}\n{Get("drops")}\n{Get("neighbors")}\n{Get("fdb")}\n{Get("uplinks")}\n{Get("bridges")}";
    /// <summary>Goes to another configuration, by REST.</summary>
    public Task<ChangeResult> Apply(string yaml) =>
        Client.Put("config", Encoding.UTF8.GetBytes(WithNames(yaml)), "application/yaml");

    /// <summary>Stops it and starts it with another configuration.</summary>
    public void Restart(string yaml)
    {
        Stop();
        _daemon.Dispose();
        _daemon = Start(yaml);
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
            Client.Dispose();
            Command.Run(["umount", Mount]);
            Directory.Delete(_directory, recursive: true);
        }
    }

    private RunningCommand Start(string yaml)
    {
        File.WriteAllText(Config, WithNames(yaml));
        RunningCommand daemon = _host.Start(
            [.. _under, Program, "--config", Config, "--bpffs", Pins, "--socket", Socket]);
        daemon.WaitForText("\nready", s_patience); // or degraded: some tests begin without a device
        return daemon;
    }

    private string WithNames(string yaml) => yaml.Replace("NS-", _host.Prefix, StringComparison.Ordinal);
}
