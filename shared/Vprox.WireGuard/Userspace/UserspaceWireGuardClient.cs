using System.Collections.Concurrent;
using System.Net.Sockets;
using Vprox.Netlink;

namespace Vprox.WireGuard.Userspace;

/// <summary>wireguard-go: a daemon for each interface, which is a tun link, configured through its unix socket.</summary>
internal sealed class UserspaceWireGuardClient(RouteNetlink route, TimeProvider time) : IWireGuardClient
{
    /// <summary>wireguard-go knows no other (ipc/uapi_unix.go).</summary>
    private const string Directory = "/var/run/wireguard";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a daemon may take to answer after its link came, and to end after its link went.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HomeNamespace _home = new();

    /// <summary>One at a time for each name; different interfaces come and go side by side.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _making = new();

    public string Backend => "userspace";

    public Task CreateAsync(string name, CancellationToken cancellationToken) => CallAsync($"create {name}", name, async token =>
    {
        var making = _making.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await making.WaitAsync(token);
        try
        {
            if (route.Link(name) is { } link)
                await RequireServedAsync(link, token);
            else
                await StartAsync(name, token);
            return true;
        }
        finally
        {
            making.Release();
        }
    }, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => CallAsync($"delete {name}", name, async token =>
    {
        var making = _making.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await making.WaitAsync(token);
        try
        {
            var socket = SocketOf(name);
            var state = await socket.ProbeAsync(token);
            if (route.Link(name) is { } link)
            {
                if (link.Kind != LinkKind.Tun || state != UapiSocketState.Alive)
                    throw new WireGuardException($"{name} is an interface of kind {link.Kind ?? "none"} that no wireguard-go serves");
                // The daemon sees its tun device go and ends.
                if (route.TryExecute(new DeleteLink(name))[0] is { } error && error.Errno != Errno.ENODEV)
                    throw new NetlinkException(error);
                state = await EndAsync(socket, token);
            }
            if (state == UapiSocketState.Stale)
                socket.RemoveStale();
            return true;
        }
        finally
        {
            making.Release();
        }
    }, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => CallAsync<IReadOnlyList<string>>("list", null, async token =>
    {
        var names = new List<string>();
        foreach (var link in route.Links().Where(link => link.Kind == LinkKind.Tun))
            if (await SocketOf(link.Name).ProbeAsync(token) == UapiSocketState.Alive)
                names.Add(link.Name);
        return [.. names.Order(StringComparer.Ordinal)];
    }, cancellationToken);

    public Task<Device?> GetAsync(string name, CancellationToken cancellationToken) => CallAsync($"get {name}", name, async token =>
    {
        if (route.Link(name) is not { Kind: LinkKind.Tun })
            return null;
        try
        {
            return await SocketOf(name).GetAsync(name, token);
        }
        catch (Exception e) when (e is SocketException or WireGuardException && route.Link(name) is null)
        {
            // The daemon ended while it was asked.
            return null;
        }
    }, cancellationToken);

    public Task ConfigureAsync(string name, DeviceConfig config, CancellationToken cancellationToken) => CallAsync($"configure {name}", name, async token =>
    {
        if (route.Link(name) is not { Kind: LinkKind.Tun })
            throw new WireGuardException("there is no such interface of wireguard-go");
        await SocketOf(name).SetAsync(config, token);
        return true;
    }, cancellationToken);

    public void Dispose()
    {
        route.Dispose();
        _home.Dispose();
        foreach (var making in _making.Values)
            making.Dispose();
    }

    private static UapiSocket SocketOf(string name) => new($"{Directory}/{name}.sock");

    private async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        var socket = SocketOf(name);
        if (await EndAsync(socket, cancellationToken) == UapiSocketState.Alive && route.Link(name) is null)
            throw new WireGuardException($"the wireguard-go of another network namespace has {Directory}/{name}.sock: give the namespaces "
                + "different interface names, or each a mount namespace with a /run/wireguard of its own");
        try
        {
            // It takes a stale socket's place by itself (ipc/uapi_unix.go).
            await new WireGuardGo(_home, time).StartAsync(name, cancellationToken);
        }
        catch (WireGuardException) when (route.Link(name) is not null)
        {
            // Another process was faster by a moment; what it made serves as well.
        }
        if (route.Link(name) is { } made)
            await RequireServedAsync(made, cancellationToken);
        else
            throw new WireGuardException("wireguard-go ended right after its start");
    }

    /// <summary>Waits for the daemon of a link to answer: the link comes before the socket.</summary>
    private async Task RequireServedAsync(Link link, CancellationToken cancellationToken)
    {
        if (link.Kind != LinkKind.Tun)
            throw new WireGuardException($"{link.Name} is an interface of kind {link.Kind ?? "none"}, not wireguard-go's");
        var socket = SocketOf(link.Name);
        var start = time.GetTimestamp();
        while (await socket.GetAsync(link.Name, cancellationToken) is null)
        {
            if (time.GetElapsedTime(start) > Patience)
                throw new WireGuardException($"{link.Name} is a tun interface that no wireguard-go serves");
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Waits for a daemon whose link is gone to end; Alive when it goes on, so is another namespace's.</summary>
    private async Task<UapiSocketState> EndAsync(UapiSocket socket, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        UapiSocketState state;
        while ((state = await socket.ProbeAsync(cancellationToken)) == UapiSocketState.Alive && time.GetElapsedTime(start) < Patience)
            await Task.Delay(PollInterval, time, cancellationToken);
        return state;
    }

    private async Task<T> CallAsync<T>(string operation, string? name, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (name is not null)
            InterfaceName.Require(name);
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new WireGuardException($"WireGuard (userspace), {operation}: no answer within {Timeout.TotalSeconds} s", e);
        }
        catch (Exception e) when (e is NetlinkException or WireGuardException or SocketException or IOException or UnauthorizedAccessException)
        {
            throw new WireGuardException($"WireGuard (userspace), {operation}: {e.Message}", e);
        }
    }
}
