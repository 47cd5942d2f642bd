using System.Globalization;
using System.Net;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Probes;

/// <summary>IPv6 beside IPv4 from a worker's containers to the internet (addresses from RFC 3849 and RFC 4193), so that a leak has a way.</summary>
public static class DualStack
{
    public static IPAddress InternetServer { get; } = IPAddress.Parse("2001:db8::10");

    /// <summary>Gives addresses and routes to a worker, its containers and the internet. Doing it twice changes nothing.</summary>
    public static async Task EnableAsync(VproxLab lab, LabWorker worker)
    {
        var number = (lab.Workers.ToList().IndexOf(worker) + 1).ToString(CultureInfo.InvariantCulture);
        var prefix = $"fd00:{number}::";
        var uplink = $"2001:db8::10{number}";
        await AddressAsync(lab.Internet, "br0", $"{InternetServer}/64");
        await lab.Internet.ExecuteAsync("ip", "-6", "route", "replace", $"{prefix}/64", "via", uplink);
        await worker.ExecuteAsync("sysctl", "-q", "-w", "net.ipv6.conf.all.forwarding=1");
        await AddressAsync(worker, LabWorker.Uplink, $"{uplink}/64");
        await AddressAsync(worker, LabWorker.Bridge, $"{prefix}1/64");
        foreach (var (index, container) in worker.Containers.Index())
        {
            await AddressAsync(container, "eth0", $"{prefix}{index + 10:x}/64");
            await container.ExecuteAsync("ip", "-6", "route", "replace", "default", "via", $"{prefix}1");
        }
    }

    /// <summary>True when a ping over IPv6 from a container is answered.</summary>
    public static async Task<bool> AnswersAsync(LabContainer container)
    {
        try
        {
            await container.ExecuteAsync("ping", "-6", "-c", "3", "-i", "0.2", "-W", "1", InternetServer.ToString());
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Without duplicate address detection, which would keep the address from use for a second.
    private static Task<string> AddressAsync(LabHost host, string link, string address) =>
        host.ExecuteAsync("ip", "-6", "address", "replace", address, "dev", link, "nodad");
}
