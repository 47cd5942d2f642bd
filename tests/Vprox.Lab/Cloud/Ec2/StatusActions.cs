using System.Globalization;
using System.Xml.Linq;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>DescribeInstanceStatus: status checks and scheduled events; running instances only unless IncludeAllInstances.</summary>
public static class StatusActions
{
    public static IEnumerable<XElement> Describe(Ec2Request request, CloudRegion region)
    {
        var state = region.Described;
        var ids = request.List("InstanceId");
        foreach (var id in ids.Where(id => !state.Instances.ContainsKey(id)))
            throw new Ec2Exception(Ec2Error.InstanceNotFound(id));
        var all = request.Flag("IncludeAllInstances") ?? false;
        var named = state.Instances.Values.Where(instance => (ids.Count == 0 || ids.Contains(instance.Id))
            && (all || instance.State == InstanceState.Running));
        var found = Filter.Select(named, request.Filters(), Property);
        var (page, nextToken) = Page.Of(found, request);
        var set = new XElement("instanceStatusSet", page.Select(Item));
        return nextToken is null ? [set] : [set, nextToken];
    }

    private static IEnumerable<string?>? Property(Instance instance, string name) => name switch
    {
        "instance-state-name" => [instance.State.Name()],
        "instance-state-code" => [$"{(int)instance.State}"],
        "availability-zone" => [instance.AvailabilityZone],
        "event.code" => instance.Events.Select(scheduled => scheduled.Code),
        "system-status.status" => [SystemStatus(instance)],
        "system-status.reachability" => [instance.ImpairedSince is null ? "passed" : "failed"],
        "instance-status.status" => [InstanceStatus(instance)],
        "instance-status.reachability" => [instance.ImpairedSince is null ? "passed" : "failed"],
        _ => null,
    };

    private static string SystemStatus(Instance instance) =>
        instance.State != InstanceState.Running ? "not-applicable" : instance.ImpairedSince is null ? "ok" : "impaired";

    private static string InstanceStatus(Instance instance) => SystemStatus(instance);

    private static XElement Item(Instance instance) => new("item",
        new XElement("instanceId", instance.Id),
        new XElement("availabilityZone", instance.AvailabilityZone),
        Ec2Xml.State("instanceState", instance.State),
        Status("systemStatus", SystemStatus(instance), instance.ImpairedSince),
        Status("instanceStatus", InstanceStatus(instance), instance.ImpairedSince),
        new XElement("eventsSet", instance.Events.Select(scheduled => new XElement("item",
            new XElement("instanceEventId", scheduled.Id),
            new XElement("code", scheduled.Code),
            new XElement("notBefore", Time(scheduled.NotBefore))))));

    private static XElement Status(string element, string status, DateTimeOffset? impairedSince) => new(element,
        new XElement("status", status),
        new XElement("details", new XElement("item",
            new XElement("name", "reachability"),
            new XElement("status", status switch { "ok" => "passed", "impaired" => "failed", _ => "insufficient-data" }),
            impairedSince is { } since ? new XElement("impairedSince", Time(since)) : null)));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
