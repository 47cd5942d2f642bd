using System.Net.Sockets;
using Vprox.WireGuard.Userspace;

namespace Vprox.WireGuard.Tests.Userspace;

/// <summary>A socket whose other end is not wireguard-go, or is ill.</summary>
public sealed class UapiSocketTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("vprox-uapi-").FullName;

    private string Path => $"{_folder}/vp.sock";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_at_the_path_is_absent()
    {
        Assert.Equal(UapiSocketState.Absent, await new UapiSocket(Path).ProbeAsync(CancellationToken.None));
        Assert.Null(await new UapiSocket(Path).GetAsync("vp", CancellationToken.None));
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_stale_and_can_be_taken_away()
    {
        // Closing leaves the file, as a SIGKILL does (unix(7)); Dispose would remove it, but only of a socket that listens.
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            socket.Bind(new UnixDomainSocketEndPoint(Path));
        if (!File.Exists(Path))
            await File.WriteAllTextAsync(Path, "");

        var uapi = new UapiSocket(Path);
        Assert.Equal(UapiSocketState.Stale, await uapi.ProbeAsync(CancellationToken.None));
        uapi.RemoveStale();
        Assert.Equal(UapiSocketState.Absent, await uapi.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_daemon_that_closes_without_an_answer_is_an_error() => await FailsAsync("without errno", async client =>
    {
        await client.ReceiveAsync(new byte[100]);
    });

    [Fact]
    public async Task A_daemon_that_closes_in_the_middle_is_an_error() => await FailsAsync("without errno", async client =>
    {
        await client.ReceiveAsync(new byte[100]);
        await client.SendAsync("listen_port=1\n"u8.ToArray());
    });

    [Fact]
    public async Task An_endless_answer_is_given_up() => await FailsAsync("more than", async client =>
    {
        var line = new byte[1 << 20];
        Array.Fill(line, (byte)'a');
        try
        {
            while (true)
                await client.SendAsync(line);
        }
        catch (SocketException)
        {
            // It was given up.
        }
    });

    [Fact]
    public async Task A_daemon_that_never_answers_is_left_when_the_caller_says_so()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        using var listener = Listen();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new UapiSocket(Path).GetAsync("vp", deadline.Token));
    }

    [Fact]
    public async Task A_daemon_that_refuses_before_it_has_read_all_is_heard()
    {
        using var listener = Listen();
        var daemon = Task.Run(async () =>
        {
            using var client = await listener.AcceptAsync();
            await client.ReceiveAsync(new byte[10]);
            await client.SendAsync("errno=-22\n\n"u8.ToArray());
        });
        var peers = Enumerable.Range(0, 20_000).Select(_ => new PeerConfig { PublicKey = WireGuardKey.Parse("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=") });
        var refused = await Assert.ThrowsAsync<WireGuardException>(
            () => new UapiSocket(Path).SetAsync(new DeviceConfig { Peers = [.. peers] }, CancellationToken.None).WaitAsync(Deadline));
        Assert.Contains("EINVAL", refused.Message, StringComparison.Ordinal);
        await daemon;
    }

    private async Task FailsAsync(string reason, Func<Socket, Task> serve)
    {
        using var listener = Listen();
        var daemon = Task.Run(async () =>
        {
            using var client = await listener.AcceptAsync();
            await serve(client);
        });
        var failure = await Assert.ThrowsAsync<WireGuardException>(() => new UapiSocket(Path).GetAsync("vp", CancellationToken.None).WaitAsync(Deadline));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        await daemon.WaitAsync(Deadline);
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        return listener;
    }
}
