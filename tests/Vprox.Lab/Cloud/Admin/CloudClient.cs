using System.Net.Http.Json;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>A test's hand on the cloud: the /lab/ API, typed.</summary>
public sealed class CloudClient(HttpClient http)
{
    public async Task<CloudSettings> SettingsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<CloudSettings>("/lab/settings", cancel))!;

    /// <summary>Changes the settings: <c>SetAsync(s => s with { DescribeLagMs = 2000 })</c>.</summary>
    public async Task SetAsync(Func<CloudSettings, CloudSettings> change, CancellationToken cancel = default) =>
        (await http.PutAsJsonAsync("/lab/settings", change(await SettingsAsync(cancel)), cancel)).EnsureSuccessStatusCode();

    public async Task FailAsync(InjectedFault fault, CancellationToken cancel = default) =>
        (await http.PostAsJsonAsync("/lab/faults", fault, cancel)).EnsureSuccessStatusCode();

    public async Task<IReadOnlyList<ApiCall>> CallsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<ApiCall>>("/lab/calls", cancel))!;

    /// <summary>How often an action was called since the log was last emptied.</summary>
    public async Task<int> CountAsync(string action, CancellationToken cancel = default) =>
        (await CallsAsync(cancel)).Count(call => call.Action == action);

    public async Task ForgetCallsAsync(CancellationToken cancel = default) =>
        (await http.DeleteAsync("/lab/calls", cancel)).EnsureSuccessStatusCode();

    public async Task<IReadOnlyList<ElasticIpView>> ElasticIpsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<ElasticIpView>>("/lab/elastic-ips", cancel))!;

    /// <summary>Where IMDS and the data path have them by now.</summary>
    public async Task<IReadOnlyList<ElasticIpView>> EffectiveElasticIpsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<ElasticIpView>>("/lab/elastic-ips/effective", cancel))!;

    public async Task<IReadOnlyList<InstanceView>> InstancesAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<InstanceView>>("/lab/instances", cancel))!;

    /// <summary>Puts an instance into a state as EC2 or a person would: "stopped", "terminated", "running" and so on.</summary>
    public Task ChangeStateAsync(string instanceId, string state, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/state/{state}", cancel);

    /// <summary>Makes the status checks of an instance fail or pass.</summary>
    public Task ImpairAsync(string instanceId, bool impaired, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/impaired/{(impaired ? "true" : "false")}", cancel);

    /// <summary>Announces a spot interruption in two minutes: terminate, stop or hibernate.</summary>
    public Task InterruptAsync(string instanceId, string action, CancellationToken cancel = default) =>
        PostAsync($"/lab/instances/{instanceId}/interruption/{action}", cancel);

    private async Task PostAsync(string path, CancellationToken cancel) =>
        (await http.PostAsync(path, null, cancel)).EnsureSuccessStatusCode();
}
