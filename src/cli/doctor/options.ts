export interface DoctorOptions {
  readonly model?: string;
}
