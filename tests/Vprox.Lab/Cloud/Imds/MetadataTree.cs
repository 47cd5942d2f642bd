using System.Globalization;
using System.Net;
using System.Text.Json;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Imds;

/// <summary>What an instance finds under /latest/meta-data/ (EC2 user guide, instance metadata categories). Pure.</summary>
public static class MetadataTree
{
    /// <summary>The text at a path, or null for 404. A path that ends in / lists what is below it.</summary>
    public static string? Read(Ec2State state, Instance instance, string region, string path)
    {
        var leaves = Leaves(state, instance, region);
        var key = path.TrimStart('/');
        if (leaves.TryGetValue(key.TrimEnd('/'), out var text) && !key.EndsWith('/'))
            return text;
        var below = key.Length == 0 || key.EndsWith('/') ? key : key + "/";
        var names = leaves.Keys.Where(leaf => leaf.StartsWith(below, StringComparison.Ordinal))
            .Select(leaf => leaf[below.Length..])
            .Select(rest => rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? rest[..(slash + 1)] : rest)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? null : string.Join('\n', names);
    }

    private static Dictionary<string, string> Leaves(Ec2State state, Instance instance, string region)
    {
        var enis = state.NetworkInterfacesOf(instance.Id).ToList();
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["instance-id"] = instance.Id,
            ["instance-type"] = instance.InstanceType,
            ["placement/region"] = region,
            ["placement/availability-zone"] = instance.AvailabilityZone,
            ["events/maintenance/scheduled"] = ScheduledEvents(instance),
        };
        if (enis.Count > 0)
        {
            leaves["local-ipv4"] = enis[0].PrimaryAddress.ToString();
            leaves["mac"] = enis[0].MacAddress;
        }
        if (instance.Interruption is { } interruption)
            leaves["spot/instance-action"] = JsonSerializer.Serialize(new { action = interruption.Action, time = Time(interruption.At) });
        if (instance.RebalanceRecommendedAt is { } recommended)
            leaves["events/recommendations/rebalance"] = JsonSerializer.Serialize(new { noticeTime = Time(recommended) });
        foreach (var eni in enis)
            AddNetworkInterface(leaves, state, eni);
        return leaves;
    }

    private static void AddNetworkInterface(Dictionary<string, string> leaves, Ec2State state, NetworkInterface eni)
    {
        var mac = $"network/interfaces/macs/{eni.MacAddress}";
        leaves[$"{mac}/mac"] = eni.MacAddress;
        leaves[$"{mac}/device-number"] = eni.DeviceIndex.ToString(CultureInfo.InvariantCulture);
        leaves[$"{mac}/interface-id"] = eni.Id;
        leaves[$"{mac}/subnet-id"] = eni.SubnetId;
        leaves[$"{mac}/subnet-ipv4-cidr-block"] = state.Subnets[eni.SubnetId].Prefix.ToString();
        leaves[$"{mac}/vpc-id"] = Ec2.Ec2Xml.Vpc;
        leaves[$"{mac}/local-ipv4s"] = Lines(eni.Addresses);
        var elastic = eni.Addresses.Select(state.ElasticIpOn).OfType<ElasticIp>().ToList();
        if (elastic.Count == 0)
            return;
        leaves[$"{mac}/public-ipv4s"] = Lines(elastic.Select(ip => ip.PublicAddress));
        foreach (var ip in elastic)
            leaves[$"{mac}/ipv4-associations/{ip.PublicAddress}"] = ip.Association!.PrivateAddress.ToString();
    }

    private static string ScheduledEvents(Instance instance) => JsonSerializer.Serialize(instance.Events.Select(scheduled => new
    {
        NotBefore = scheduled.NotBefore.UtcDateTime.ToString("d MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture),
        scheduled.Code,
        EventId = scheduled.Id,
        State = "active",
    }));

    private static string Lines(IEnumerable<IPAddress> addresses) => string.Join('\n', addresses);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
