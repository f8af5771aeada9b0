using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using FastPath.Control.Rest;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class RestServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastpath-server-").FullName;

    private string SocketPath => Path.Combine(_directory, "api.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_socket_is_for_owner_and_group_and_goes_with_the_server()
    {
        await using (await Start(null))
        {
            const UnixFileMode Expected =
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
            Assert.Equal(Expected, File.GetUnixFileMode(SocketPath));
        }

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task The_socket_of_a_dead_daemon_is_replaced_and_that_of_a_living_one_is_not()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath));
            // Killed, not closed: the file stays.
            File.Move(SocketPath, SocketPath + ".kept");
        }

        File.Move(SocketPath + ".kept", SocketPath);
        await using RestServer living = await Start(null);
        IOException refused = await Assert.ThrowsAsync<IOException>(() => Start(null));

        Assert.Contains("another fastpathd answers", refused.Message);
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_not_removed()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");
        await Assert.ThrowsAsync<IOException>(() => Start(null));

        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Fact]
    public async Task Tcp_is_for_this_host_only()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new IPEndPoint(IPAddress.Any, 8080)));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 8080)));
    }

    [Fact]
    public async Task An_address_that_cannot_be_had_is_named()
    {
        int port = FreePort();
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, port));
        other.Listen();

        IOException refused = await Assert.ThrowsAsync<IOException>(() => Start(new IPEndPoint(IPAddress.Loopback, port)));

        Assert.Contains($"listening on 127.0.0.1:{port}", refused.Message);
    }

    [Fact]
    public async Task A_path_that_is_too_long_for_a_socket_is_refused()
    {
        RestOptions options = new() { SocketPath = "/tmp/" + new string('x', 103) };

        IOException refused = await Assert.ThrowsAsync<IOException>(
            () => RestServer.Start(new FakeController(), options, NullLoggerFactory.Instance));

        Assert.Contains("has 108 bytes", refused.Message);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    public async Task A_web_page_cannot_reach_the_API_by_a_name_of_its_own(string host, int status)
    {
        int port = FreePort();
        await using RestServer server = await Start(new IPEndPoint(IPAddress.Loopback, port));
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{port}/healthz");
        request.Headers.Host = $"{host}:{port}";
        using HttpResponseMessage response = await http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private Task<RestServer> Start(IPEndPoint? loopback)
    {
        RestOptions options = new() { SocketPath = SocketPath, Loopback = loopback };
        return RestServer.Start(new FakeController(), options, NullLoggerFactory.Instance);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
