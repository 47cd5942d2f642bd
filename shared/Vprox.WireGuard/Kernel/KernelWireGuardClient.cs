using Vprox.Netlink;

namespace Vprox.WireGuard.Kernel;

/// <summary>The kernel's WireGuard: interfaces by rtnetlink, their configuration by the generic netlink family "wireguard".</summary>
internal sealed class KernelWireGuardClient(GenericNetlink generic, GenericNetlinkFamily family, RouteNetlink route) : IWireGuardClient
{
    public string Backend => "kernel";

    public Task CreateAsync(string name, CancellationToken cancellationToken) => Call($"create {name}", name, () =>
    {
        if (route.Link(name) is { } link)
            return RequireWireGuard(link);
        try
        {
            route.Execute(new AddLink(name, LinkKind.WireGuard));
        }
        catch (NetlinkException e) when (e.Errno == Errno.EEXIST && route.Link(name) is { } made)
        {
            // Somebody made it since we looked.
            return RequireWireGuard(made);
        }
        return true;
    }, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Call($"delete {name}", name, () =>
    {
        if (route.Link(name) is { } link && RequireWireGuard(link)
            && route.TryExecute(new DeleteLink(name))[0] is { } error && error.Errno != Errno.ENODEV)
            throw new NetlinkException(error);
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Call<IReadOnlyList<string>>("list", null, () =>
        [.. route.Links().Where(link => link.Kind == LinkKind.WireGuard).Select(link => link.Name).Order(StringComparer.Ordinal)], cancellationToken);

    public Task<Device?> GetAsync(string name, CancellationToken cancellationToken) => Call($"get {name}", name, () =>
    {
        try
        {
            var dump = new DeviceDump(name);
            foreach (var attributes in generic.Dump(family, Uapi.WG_CMD_GET_DEVICE, $"wg show {name} dump", writer => writer.Text(Uapi.WGDEVICE_A_IFNAME, name)))
                dump.Take(new NetlinkReader(attributes.Span));
            return dump.ToDevice();
        }
        catch (NetlinkException e) when (e.Errno is Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            // No link, or one of another kind (drivers/net/wireguard/netlink.c, lookup_interface).
            return null;
        }
    }, cancellationToken);

    public Task ConfigureAsync(string name, DeviceConfig config, CancellationToken cancellationToken) => Call($"configure {name}", name, () =>
    {
        foreach (var part in DeviceConfigParts.Split(config))
        {
            cancellationToken.ThrowIfCancellationRequested();
            generic.Request(family, Uapi.WG_CMD_SET_DEVICE, $"wg set {name}", writer => DeviceEncoder.Write(writer, name, part));
        }
        return true;
    }, cancellationToken);

    public void Dispose()
    {
        generic.Dispose();
        route.Dispose();
    }

    private static bool RequireWireGuard(Link link) => link.Kind == LinkKind.WireGuard
        ? true
        : throw new WireGuardException($"{link.Name} is an interface of kind {link.Kind ?? "none"}, not WireGuard's");

    /// <summary>Netlink answers within the call, so nothing is gained by another thread; errors become ours.</summary>
    private static Task<T> Call<T>(string operation, string? name, Func<T> call, CancellationToken cancellationToken)
    {
        if (name is not null)
            InterfaceName.Require(name);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(call());
        }
        catch (OperationCanceledException e)
        {
            return Task.FromCanceled<T>(e.CancellationToken);
        }
        catch (Exception e) when (e is NetlinkException or WireGuardException)
        {
            return Task.FromException<T>(new WireGuardException($"WireGuard (kernel), {operation}: {e.Message}", e));
        }
    }
}
