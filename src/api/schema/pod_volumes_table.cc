// Volumes of a pod. The CRDs publish the whole list without a type; the order of the fields still decides the hash.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kVolumeTable = R"(
Volume {
  name: string required always
  hostPath: HostPathVolumeSource
  emptyDir: EmptyDirVolumeSource
  gcePersistentDisk: GCEPersistentDiskVolumeSource
  awsElasticBlockStore: AWSElasticBlockStoreVolumeSource
  gitRepo: GitRepoVolumeSource
  secret: SecretVolumeSource
  nfs: NFSVolumeSource
  iscsi: ISCSIVolumeSource
  glusterfs: GlusterfsVolumeSource
  persistentVolumeClaim: PersistentVolumeClaimVolumeSource
  rbd: RBDVolumeSource
  flexVolume: FlexVolumeSource
  cinder: CinderVolumeSource
  cephfs: CephFSVolumeSource
  flocker: FlockerVolumeSource
  downwardAPI: DownwardAPIVolumeSource
  fc: FCVolumeSource
  azureFile: AzureFileVolumeSource
  configMap: ConfigMapVolumeSource
  vsphereVolume: VsphereVirtualDiskVolumeSource
  quobyte: QuobyteVolumeSource
  azureDisk: AzureDiskVolumeSource
  photonPersistentDisk: PhotonPersistentDiskVolumeSource
  projected: ProjectedVolumeSource
  portworxVolume: PortworxVolumeSource
  scaleIO: ScaleIOVolumeSource
  storageos: StorageOSVolumeSource
  csi: CSIVolumeSource
  ephemeral: EphemeralVolumeSource
  image: ImageVolumeSource
}
HostPathVolumeSource {
  path: string required always
  type: string?
}
EmptyDirVolumeSource {
  medium: string
  sizeLimit: quantity?
}
GCEPersistentDiskVolumeSource {
  pdName: string required always
  fsType: string
  partition: int32
  readOnly: bool
}
AWSElasticBlockStoreVolumeSource {
  volumeID: string required always
  fsType: string
  partition: int32
  readOnly: bool
}
GitRepoVolumeSource {
  repository: string required always
  revision: string
  directory: string
}
SecretVolumeSource {
  secretName: string
  items: [KeyToPath] atomic
  defaultMode: int32?
  optional: bool?
}
NFSVolumeSource {
  server: string required always
  path: string required always
  readOnly: bool
}
ISCSIVolumeSource {
  targetPortal: string required always
  iqn: string required always
  lun: int32 required always
  iscsiInterface: string
  fsType: string
  readOnly: bool
  portals: [string] atomic
  chapAuthDiscovery: bool
  chapAuthSession: bool
  secretRef: LocalObjectReference
  initiatorName: string?
}
GlusterfsVolumeSource {
  endpoints: string required always
  path: string required always
  readOnly: bool
}
PersistentVolumeClaimVolumeSource {
  claimName: string required always
  readOnly: bool
}
RBDVolumeSource {
  monitors: [string] required always atomic
  image: string required always
  fsType: string
  pool: string
  user: string
  keyring: string
  secretRef: LocalObjectReference
  readOnly: bool
}
FlexVolumeSource {
  driver: string required always
  fsType: string
  secretRef: LocalObjectReference
  readOnly: bool
  options: {string}
}
CinderVolumeSource {
  volumeID: string required always
  fsType: string
  readOnly: bool
  secretRef: LocalObjectReference
}
CephFSVolumeSource {
  monitors: [string] required always atomic
  path: string
  user: string
  secretFile: string
  secretRef: LocalObjectReference
  readOnly: bool
}
FlockerVolumeSource {
  datasetName: string
  datasetUUID: string
}
DownwardAPIVolumeSource {
  items: [DownwardAPIVolumeFile] atomic
  defaultMode: int32?
}
FCVolumeSource {
  targetWWNs: [string] atomic
  lun: int32?
  fsType: string
  readOnly: bool
  wwids: [string] atomic
}
AzureFileVolumeSource {
  secretName: string required always
  shareName: string required always
  readOnly: bool
}
ConfigMapVolumeSource {
  name: string default("")
  items: [KeyToPath] atomic
  defaultMode: int32?
  optional: bool?
}
VsphereVirtualDiskVolumeSource {
  volumePath: string required always
  fsType: string
  storagePolicyName: string
  storagePolicyID: string
}
QuobyteVolumeSource {
  registry: string required always
  volume: string required always
  readOnly: bool
  user: string
  group: string
  tenant: string
}
AzureDiskVolumeSource {
  diskName: string required always
  diskURI: string required always
  cachingMode: string?
  fsType: string?
  readOnly: bool?
  kind: string?
}
PhotonPersistentDiskVolumeSource {
  pdID: string required always
  fsType: string
}
ProjectedVolumeSource {
  sources: [VolumeProjection] always atomic
  defaultMode: int32?
}
PortworxVolumeSource {
  volumeID: string required always
  fsType: string
  readOnly: bool
}
ScaleIOVolumeSource {
  gateway: string required always
  system: string required always
  secretRef: LocalObjectReference? required always
  sslEnabled: bool
  protectionDomain: string
  storagePool: string
  storageMode: string
  volumeName: string
  fsType: string
  readOnly: bool
}
StorageOSVolumeSource {
  volumeName: string
  volumeNamespace: string
  fsType: string
  readOnly: bool
  secretRef: LocalObjectReference
}
CSIVolumeSource {
  driver: string required always
  readOnly: bool?
  fsType: string?
  volumeAttributes: {string}
  nodePublishSecretRef: LocalObjectReference
}
EphemeralVolumeSource {
  volumeClaimTemplate: PersistentVolumeClaimTemplate
}
ImageVolumeSource {
  reference: string
  pullPolicy: string
}
KeyToPath {
  key: string required always
  path: string required always
  mode: int32?
}
DownwardAPIVolumeFile {
  path: string required always
  fieldRef: ObjectFieldSelector
  resourceFieldRef: ResourceFieldSelector
  mode: int32?
}
VolumeProjection {
  secret: SecretProjection
  downwardAPI: DownwardAPIProjection
  configMap: ConfigMapProjection
  serviceAccountToken: ServiceAccountTokenProjection
  clusterTrustBundle: ClusterTrustBundleProjection
  podCertificate: PodCertificateProjection
}
PersistentVolumeClaimTemplate {
  metadata: ObjectMeta always only(labels,annotations)
  spec: PersistentVolumeClaimSpec required always
}
SecretProjection {
  name: string default("")
  items: [KeyToPath] atomic
  optional: bool?
}
DownwardAPIProjection {
  items: [DownwardAPIVolumeFile] atomic
}
ConfigMapProjection {
  name: string default("")
  items: [KeyToPath] atomic
  optional: bool?
}
ServiceAccountTokenProjection {
  audience: string
  expirationSeconds: int64?
  path: string required always
}
ClusterTrustBundleProjection {
  name: string?
  signerName: string?
  labelSelector: LabelSelector
  optional: bool?
  path: string required always
}
PodCertificateProjection {
  signerName: string required
  keyType: string required
  maxExpirationSeconds: int32?
  credentialBundlePath: string
  keyPath: string
  certificateChainPath: string
}
PersistentVolumeClaimSpec {
  accessModes: [string] atomic
  selector: LabelSelector
  resources: VolumeResourceRequirements always
  volumeName: string
  storageClassName: string?
  volumeMode: string?
  dataSource: TypedLocalObjectReference
  dataSourceRef: TypedObjectReference
  volumeAttributesClassName: string?
}
VolumeResourceRequirements {
  limits: {quantity}
  requests: {quantity}
}
TypedLocalObjectReference atomic {
  apiGroup: string? always
  kind: string required always
  name: string required always
}
TypedObjectReference {
  apiGroup: string? always
  kind: string required always
  name: string required always
  namespace: string?
}
)";

}  // namespace canaria::api::schema
