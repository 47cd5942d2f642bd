using System.Net.Http.Json;

namespace Vprox.Lab.Cloud.Admin;

public sealed partial class CloudClient
{
    public async Task<IReadOnlyList<InstanceView>> InstancesAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<InstanceView>>("/lab/instances", cancel))!;

    /// <summary>Waits until they differ from a list that the caller has, some seconds at most.</summary>
    public async Task<InstanceList> InstancesAfterAsync(string known, CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<InstanceList>($"/lab/instances/after?known={Uri.EscapeDataString(known)}", cancel))!;

    /// <summary>Puts an instance into a state as EC2 or a person would: "stopped", "terminated", "running" and so on.</summary>
    public Task ChangeStateAsync(string instanceId, string state, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/state/{state}", cancel);

    /// <summary>Makes the status checks of an instance fail or pass.</summary>
    public Task ImpairAsync(string instanceId, bool impaired, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/impaired/{(impaired ? "true" : "false")}", cancel);

    /// <summary>Recommends to rebalance: IMDS says so, and an event goes to SQS.</summary>
    public Task RecommendRebalanceAsync(string instanceId, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/rebalance", cancel);

    /// <summary>Schedules maintenance in a day, e.g. instance-retirement, instance-stop, system-reboot: IMDS, DescribeInstanceStatus and an AWS Health event say so.</summary>
    public Task ScheduleEventAsync(string instanceId, string code, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/event/{code}", cancel);

    /// <summary>Takes back interruption, recommendation and maintenance of an instance.</summary>
    public async Task ClearNoticesAsync(string instanceId, CancellationToken cancel = default) =>
        (await http.DeleteAsync($"/lab/instances/{instanceId}/notices", cancel)).EnsureSuccessStatusCode();

    /// <summary>Announces a spot interruption in two minutes: terminate, stop or hibernate.</summary>
    public Task InterruptAsync(string instanceId, string action, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/interruption/{action}", cancel);
}
